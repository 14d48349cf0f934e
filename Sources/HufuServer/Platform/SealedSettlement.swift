import Foundation
import InsurancePlatform
import RequestSigning
import Storage

/// What names a person in a money call: needed to ask about it and to reverse it, and kept sealed.
struct SettlementDetails: Sendable {
    var psnNo: String
    var sender: PlatformCall.Sender
    var insuplcAdmdvs: String?
    var signNo: String?

    init(_ call: PlatformCall, _ input: SettlementInput) {
        psnNo = input.psnNo ?? ""
        sender = call.sender
        insuplcAdmdvs = call.insuplcAdmdvs
        signNo = call.signNo
    }
}

/// AES-256-GCM under the key for personal values, with the message's identifier as context: what is sealed for
/// one call opens for no other.
struct SettlementSeal: Sendable {
    let key: SealingKey

    func seal(_ details: SettlementDetails, msgid: String) throws -> Data {
        var members: [String: ExactJSON] = [
            "psn_no": .string(details.psnNo), "kind": .string(details.sender.kind),
            "id": .string(details.sender.id), "name": .string(details.sender.name),
        ]
        members["insuplc_admdvs"] = details.insuplcAdmdvs.map { .string($0) }
        members["sign_no"] = details.signNo.map { .string($0) }
        return try seal(.object(members), "details", msgid)
    }

    func details(_ sealed: Data, msgid: String) throws -> SettlementDetails {
        let json = try open(sealed, "details", msgid)
        var call = PlatformCall(
            infno: "", msgid: msgid,
            sender: PlatformCall.Sender(
                kind: json["kind"]?.string ?? "1", id: json["id"]?.string ?? "",
                name: json["name"]?.string ?? ""),
            input: ["data": ["psn_no": json["psn_no"] ?? .null]])
        call.insuplcAdmdvs = json["insuplc_admdvs"]?.string
        call.signNo = json["sign_no"]?.string
        return SettlementDetails(call, SettlementInput(call.input))
    }

    func seal(_ answer: PlatformAnswer, msgid: String) throws -> Data {
        var members: [String: ExactJSON] = [
            "infcode": .number(String(answer.infcode)), "inf_refmsgid": .string(answer.refMessageID),
            "output": answer.output,
        ]
        members["err_msg"] = answer.message.map { .string($0) }
        return try seal(.object(members), "answer", msgid)
    }

    func answer(_ sealed: Data, msgid: String) throws -> PlatformAnswer {
        let json = try open(sealed, "answer", msgid)
        guard let infcode = json["infcode"]?.string.flatMap({ Int($0) }) else {
            throw StorageError.corrupt("the answer of the settlement \(msgid)")
        }
        return PlatformAnswer(
            infcode: infcode, refMessageID: json["inf_refmsgid"]?.string ?? "",
            message: json["err_msg"]?.string, output: json["output"] ?? .null)
    }

    private func seal(_ json: ExactJSON, _ use: String, _ msgid: String) throws -> Data {
        try key.seal(Data(json.text()), context: Data("settlement-\(use):\(msgid)".utf8))
    }

    private func open(_ sealed: Data, _ use: String, _ msgid: String) throws -> ExactJSON {
        let opened = try key.open(sealed, context: Data("settlement-\(use):\(msgid)".utf8))
        return try ExactJSON(parsing: Array(opened), limits: JSONLimits(bytes: 16 << 20))
    }
}
