import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// The faces over HTTPS.
extension PlatformDoor {
    /// Nil for an address that is no face's.
    func answer(_ request: SandboxRequest) async -> SandboxReply? {
        let path = request.path
        if path.hasPrefix("/fsi/api/") || path == "/fsi/api" {
            return await exchange("fsi", request) { record in
                await fsi(request, named: String(path.dropFirst("/fsi/api/".count)), &record)
            }
        }
        if path.hasPrefix("/v3/") {
            return await exchange("v3", request) { record in await versioned(request, &record) }
        }
        if path.hasPrefix("/epc/api/") {
            return await exchange("epc", request) { record in await encrypted(request, &record) }
        }
        if path == "/soap" {
            return await exchange("soap", request) { record in await soap(request, &record) }
        }
        return nil
    }

    private func exchange(
        _ face: String, _ request: SandboxRequest,
        _ work: (inout TrafficRecord) async -> SandboxReply
    ) async -> SandboxReply {
        let start = ContinuousClock.now
        var record = TrafficRecord(
            at: time.now, face: face, target: "\(request.method.rawValue) \(request.path)")
        let reply = await work(&record)
        if case .nothing = reply.body {
            note(record, status: 0, since: start)
        } else {
            note(record, status: Int(reply.status.code), since: start)
        }
        return reply
    }

    /// The paths of section B, each for its number; `…/fsi/api/2207` and `…/fsi/api` take what the envelope
    /// names.
    private static let numbers: [String: String] = Dictionary(
        FsiSite.standardPaths.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

    private func fsi(
        _ request: SandboxRequest, named name: String, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        let isNumber = name.utf8.count >= 4 && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") }
        let addressed = Self.numbers[name] ?? (isNumber ? BusinessDesk.base(name) : nil)
        guard addressed != nil || name.isEmpty else {
            return DoorRefusal(.notFound, "not_found", "no transaction has this address").reply
        }
        do {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            return await carry(
                call.content.body, addressed: addressed, authorization: request.header("authorization"),
                &record
            ).reply
        } catch { return error.reply }
    }

    /// `GET /v3/insured/status?cardNo=…` asks for a person; a POST carries an fsi envelope, whatever its path.
    private func versioned(
        _ request: SandboxRequest, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        do {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            let header = request.header("authorization")
            guard request.method == .get else {
                return await carry(call.content.body, addressed: nil, authorization: header, &record).reply
            }
            guard request.path == "/v3/insured/status", let query = Self.personQuery(request.query) else {
                throw DoorRefusal(
                    .notFound, "not_found", "GET /v3/insured/status?cardNo=… (or certNo, tokenNo)")
            }
            return await carry(
                envelope(of: query), addressed: nil, authorization: header, &record
            ).reply
        } catch let error as DoorRefusal {
            return error.reply
        } catch { return SandboxReply.lost }
    }

    private static func personQuery(_ fields: [String: String]) -> PersonQuery? {
        let kinds = [
            ("01", ["tokenNo", "token_no"]), ("02", ["certNo", "certno", "cert_no"]),
            ("03", ["cardNo", "card_no"]),
        ]
        for (kind, names) in kinds {
            if let number = names.lazy.compactMap({ fields[$0] }).first {
                return PersonQuery(mdtrtCertType: kind, mdtrtCertNo: number)
            }
        }
        return nil
    }

    /// A query without an envelope gets one of the sandbox's own.
    private func envelope(of query: PersonQuery) -> [UInt8] {
        let now = time.now
        let number = String(sequence.next() % 10_000)
        let padding = String(repeating: "0", count: 4 - number.utf8.count)
        let institution = desk.institution
        let members: ExactJSON = [
            "infno": "1101",
            "msgid": .string(institution.code + ChinaTime.text(now, .compact) + padding + number),
            "mdtrtarea_admvs": .string(institution.admvs), "recer_sys_code": "hufu", "infver": "V1.0",
            "opter_type": "1", "opter": "v3", "opter_name": "v3",
            "inf_time": .string(ChinaTime.text(now, .text)),
            "fixmedins_code": .string(institution.code), "fixmedins_name": .string(institution.name),
            "input": query.input,
        ]
        return members.text()
    }

    /// Envelope in, envelope out: the answer is encrypted and signed by the platform's key.
    private func encrypted(
        _ request: SandboxRequest, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        do {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            guard call.profile == .envelope else {
                throw DoorRefusal(
                    .forbidden, "unknown_version", "this face takes the profile envelope alone")
            }
            let carried = await carry(
                call.content.body, addressed: nil, authorization: request.header("authorization"), &record)
            return try sealed(carried).reply
        } catch let error as DoorRefusal {
            return error.reply
        } catch { return CarriedCall.failed(500).reply }
    }

    private func sealed(_ carried: CarriedCall) throws -> CarriedCall {
        func seal(_ bytes: [UInt8]) throws -> [UInt8] {
            let head = HTTPRequest(method: .post, scheme: "https", authority: nil, path: "/")
            return try answerSigner.sign(HTTPMessage(head, body: bytes), at: time.now).body
        }
        switch carried {
        case .answer(let bytes): return .answer(try seal(bytes))
        case .half(let bytes): return .half(try seal(bytes))
        default: return carried
        }
    }
}
