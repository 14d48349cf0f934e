import AuditLog
import Foundation
import HTTPTypes
import InsurancePlatform
import RequestSigning

/// What an admitted call asks of the platform, read from its route and body.
struct PlatformRequest {
    private let admitted: AdmittedCall
    private let platform: NationalPlatform

    init(_ admitted: AdmittedCall, _ platform: NationalPlatform) {
        self.admitted = admitted
        self.platform = platform
    }

    /// Whether the path is one that this reads.
    static func isRoute(_ path: Substring) -> Bool {
        path.hasPrefix("/fsi/api/") || path.hasPrefix("/v3/transactions/") || path == "/v3/insured/status"
    }

    /// The input goes on as it came; that the platform could read it is checked before.
    ///
    /// - Throws: a problem that names the field, or `no_route`.
    func call() throws -> PlatformCall {
        do {
            let call = try form()
            try KnownInput.check(call.input, of: call.infno)
            return call
        } catch let error as FsiError {
            throw Problem(error)
        } catch let error as SigningRefusal {
            throw Problem(FsiError(.invalidJSON, error.detail))
        }
    }

    private func form() throws -> PlatformCall {
        let route = String(admitted.message.route)
        let method = admitted.message.head.method
        if route.hasPrefix("/fsi/api/") { return try envelope(route) }
        if route == "/v3/insured/status", method == .get { return try status() }
        let transactions = "/v3/transactions/"
        if route.hasPrefix(transactions), method == .post {
            return try transaction(String(route.dropFirst(transactions.count)))
        }
        throw Problem(
            status: 404, code: "no_route", title: "The call is admitted, but this route leads nowhere",
            detail: "known are /fsi/api/…, GET /v3/insured/status and POST /v3/transactions/{infno}")
    }

    /// A fsi envelope. Its number must be its path's: by the path the scope was judged.
    private func envelope(_ route: String) throws -> PlatformCall {
        let request = try FsiRequest(parsing: admitted.content.body, inputLimit: platform.site.inputLimit)
        let path = String(route.dropFirst("/fsi/api/".count))
        let number = String(request.infno.prefix(4))
        let due = [
            platform.site.paths[request.infno], platform.site.paths[number], FsiSite.standardPaths[number],
            request.infno,
        ]
        guard due.contains(path) else {
            throw Problem(
                status: 400, code: "path_mismatch", title: "The path is another transaction's",
                detail: "infno \(number) goes to /fsi/api/\(platform.site.paths[number] ?? request.infno)")
        }
        guard request.fixmedinsCode == platform.site.fixmedinsCode else {
            throw FsiError(
                .malformedField, field: "fixmedins_code", "this gateway serves another institution")
        }
        // Otherwise the journal would begin a call that can't be sent.
        guard MessageID(request.msgid)?.fixmedinsCode == platform.site.fixmedinsCode else {
            throw FsiError(.malformedField, field: "msgid", "not an identifier of this institution")
        }
        return PlatformCall(
            infno: request.infno, msgid: request.msgid,
            sender: .init(kind: request.opterType, id: request.opter, name: request.opterName),
            insuplcAdmdvs: request.insuplcAdmdvs.isEmpty ? nil : request.insuplcAdmdvs,
            signNo: request.signNo.isEmpty ? nil : request.signNo, input: request.input)
    }

    /// `GET /v3/insured/status?cardNo=…`: 1101 by the card.
    private func status() throws -> PlatformCall {
        let head = admitted.message.head
        let text = String((head.path ?? "").drop { $0 != "?" }.dropFirst())
        let query = try JSONDocument(query: text).convertingNames(to: .snakeCase)
        guard let card = query["card_no"]?.string, !card.isEmpty else {
            throw FsiError(.missingField, field: "cardNo", "the number of the card is required")
        }
        return PlatformCall(
            infno: PersonQuery.infno, msgid: platform.newMessageID(), sender: platform.sender,
            input: PersonQuery(mdtrtCertType: "03", mdtrtCertNo: card).input)
    }

    /// `POST /v3/transactions/{infno}` with `{"input": {…}}` and, where they are known, `msgid`, `insuplc_admdvs`,
    /// `opter_type`, `opter`, `opter_name` and `sign_no`.
    private func transaction(_ infno: String) throws -> PlatformCall {
        let body = try ExactJSON(parsing: admitted.content.body)
        func text(_ name: String) throws(FsiError) -> String? {
            guard let value = body[name], value != .null else { return nil }
            guard case .string(let text) = value, !text.isEmpty, text.utf8.count <= 100 else {
                throw FsiError(.malformedField, field: name, "a text is due")
            }
            return text
        }
        guard let input = body["input"], case .object = input else {
            throw FsiError(.missingField, field: "input", "an object is due")
        }
        let given = try text("msgid")
        if given == nil, MoneyRules.isJournalled(infno) {
            throw FsiError(
                .missingField, field: "msgid", "a money call is known by it, when it is sent again too")
        }
        var sender = platform.sender
        sender.kind = try text("opter_type") ?? sender.kind
        sender.id = try text("opter") ?? sender.id
        sender.name = try text("opter_name") ?? sender.name
        let call = PlatformCall(
            infno: infno, msgid: given ?? platform.newMessageID(), sender: sender,
            insuplcAdmdvs: try text("insuplc_admdvs"), signNo: try text("sign_no"), input: input.namingNodes)
        try FsiEnvelope.check(call, site: platform.site)
        return call
    }
}

extension Problem {
    init(_ error: FsiError) {
        self.init(
            status: 400, code: error.code.rawValue,
            title: "The call has not the form of the platform's calls",
            detail: error.sentence)
        members["field"] = error.field.map { .string($0) }
    }
}
