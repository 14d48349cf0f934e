import NIOHTTP1

/// Why a request doesn't reach the business: nothing of it was carried out.
struct DoorRefusal: Error, Sendable {
    let status: HTTPResponseStatus
    /// A stable code: `client_certificate_missing`, `token_missing`, `token_invalid`, `insufficient_scope`, a
    /// code of `SigningRefusal`, `not_found`, or a code of `FsiError`.
    let code: String
    let detail: String
    /// The doctor's explanation, as JSON.
    let explanation: [UInt8]?
    /// Whether another token would cure it.
    let isToken: Bool

    init(
        _ status: HTTPResponseStatus, _ code: String, _ detail: String, explanation: [UInt8]? = nil,
        isToken: Bool = false
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.explanation = explanation
        self.isToken = isToken
    }

    /// Whether a credential or a signature is at fault.
    var isUnauthorized: Bool { status == .unauthorized || status == .forbidden }

    var reply: SandboxReply {
        let problem: JSONText = .object([
            "type": .string("about:blank"), "status": .number(Int(status.code)), "code": .string(code),
            "detail": .string(detail), "explanation": explanation.map { .raw($0) } ?? .null,
        ])
        var fields = [("content-type", "application/problem+json; charset=utf-8")]
        if isToken { fields.append(("www-authenticate", "Bearer error=\"\(code)\"")) }
        return SandboxReply(status, fields: fields, body: .whole(problem.bytes))
    }
}
