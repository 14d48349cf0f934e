import HTTPTypes
import RequestSigning

/// A request as a listener received it, whole.
struct SandboxRequest: Sendable {
    let message: HTTPMessage
    /// The subject of the connection's client certificate, which the sandbox's authority issued; nil without.
    let clientCertificate: String?

    var method: HTTPRequest.Method { message.head.method }
    var body: [UInt8] { message.body }
    var target: String { message.head.path ?? "/" }

    /// The target up to its query.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// The query's parameters, escapes undone; of a name that occurs twice the first counts.
    var query: [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        return FormText.fields(String(target[target.index(after: mark)...]))
    }

    /// A body of `application/x-www-form-urlencoded`.
    var form: [String: String] { FormText.fields(String(decoding: body, as: UTF8.self)) }

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { message.head.headerFields[$0] }
    }
}
