import ActivationCodes
package import AuditLog
import Foundation
import HTTPTypes
import RequestSigning
import Storage

/// An RFC 9457 problem: the one form of everything that is not an answer.
package struct Problem: Error, Sendable {
    package var status: Int
    /// Stable: programs switch on it.
    package var code: String
    package var title: String
    package var detail: String?
    package var members: [String: JSON] = [:]
    package var headers: [(name: String, value: String)] = []

    /// A failed check as `checks` lists it.
    static func check(_ code: String, _ detail: String?, cure: String, cureInChinese: String) -> JSON {
        .compact([
            "code": .string(code), "detail": JSON(detail), "cure": .string(cure),
            "cure_zh": .string(cureInChinese),
        ])
    }

    func json(_ requestID: String) -> JSON {
        var document: [String: JSON] = [
            "type": .string("https://hufu.dev/problems/\(code)"), "title": .string(title),
            "status": JSON(status), "code": .string(code), "request_id": .string(requestID),
        ]
        if let detail { document["detail"] = .string(detail) }
        return .object(document.merging(members) { $1 })
    }
}

extension Refusal {
    /// The one mapping from refusals to HTTP.
    var status: Int {
        switch reason {
        case .notFound: 404
        case .invalidCode: 400
        case .conflict, .alreadyDecided: 409
        case .rateLimited: 429
        default: 403
        }
    }

    var asProblem: Problem {
        var members: [String: JSON] = [
            "reason": .string(reason.rawValue),
            "checks": .array(
                checks.map { check in
                    Problem.check(
                        check.code.rawValue, check.detail, cure: check.code.cure,
                        cureInChinese: check.code.cureInChinese)
                }),
        ]
        if let validUntil { members["valid_until"] = JSON(validUntil) }
        return Problem(
            status: status, code: reason.rawValue, title: reason.title, detail: checks[0].detail,
            members: members)
    }

    func problem(_ requestID: String) -> JSON { asProblem.json(requestID) }
}

extension Problem {
    /// The one mapping from errors to HTTP. What it does not know is the machine's fault, told without detail.
    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let refusal as Refusal: self = refusal.asProblem
        case let refusal as SigningRefusal: self = refusal.asProblem
        case let error as InputError: self.init(error)
        case let error as CodeFieldError:
            self.init(InputError.invalid(field: error.field, allowed: error.allowed))
        case is CodeFormatError: self = Refusal(.invalidCode).asProblem
        case StorageError.unavailable, StorageError.closed:
            self.init(
                status: 503, code: "storage_unavailable", title: "Nothing was written; try again later",
                detail: "the database can't be written: see the server's log")
            headers = [("Retry-After", "5")]
        default:
            self.init(status: 500, code: "internal", title: "The server failed; nothing was written")
        }
    }

    private init(_ error: InputError) {
        switch error {
        case .invalid(let field, let allowed):
            self.init(
                status: 400, code: "invalid_request", title: "A field has a form that is not allowed",
                detail: "\(field): \(allowed)",
                members: ["field": .string(field), "allowed": .string(allowed)])
        case .unauthenticated:
            self.init(status: 401, code: "unauthenticated", title: "No valid credentials")
            headers = [("WWW-Authenticate", "Bearer")]
        case .refreshReused:
            self.init(
                status: 401, code: "refresh_reused",
                title: "The refresh token was used before; the session is ended, log in again")
        case .forbidden: self.init(status: 403, code: "forbidden", title: "Your roles don't allow this")
        case .notFound(let what): self.init(status: 404, code: "not_found", title: "No such \(what)")
        case .preconditionFailed(let detail):
            self.init(
                status: 412, code: "precondition_failed", title: "It was changed meanwhile", detail: detail)
        case .preconditionRequired(let detail):
            self.init(
                status: 428, code: "precondition_required", title: "Say what you change", detail: detail)
        case .conflict(let detail):
            self.init(status: 409, code: "conflict", title: "It clashes with what is there", detail: detail)
        case .idempotencyKeyReused:
            self.init(
                status: 422, code: "idempotency_key_reused",
                title: "This Idempotency-Key stood on another request")
        case .rateLimited(let seconds):
            self = Refusal(.rateLimited).asProblem
            headers = [("Retry-After", "\(seconds)")]
        case .tooLarge(let limit):
            self.init(
                status: 413, code: "too_large", title: "The body is too large",
                detail: "at most \(limit) bytes")
        case .unsupportedMediaType:
            self.init(status: 415, code: "unsupported_media_type", title: "Send application/json")
        case .methodNotAllowed(let allowed):
            self.init(status: 405, code: "method_not_allowed", title: "Another method is allowed here")
            headers = [("Allow", allowed.joined(separator: ", "))]
        case .notSequenced:
            self.init(
                status: 404, code: "not_sequenced",
                title: "The entry is not covered by a checkpoint yet; ask again")
            headers = [("Retry-After", "1")]
        case .busy:
            self.init(status: 429, code: "busy", title: "Too many log-ins wait; try again")
            headers = [("Retry-After", "2")]
        }
    }
}
