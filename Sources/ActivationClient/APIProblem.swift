import AuditLog
public import Foundation

/// A refusal or an error as the server states it: RFC 9457 problem details with every failed check.
public struct APIProblem: Error, Sendable, Equatable {
    public struct Check: Sendable, Equatable {
        public var code: String
        public var detail: String?
        public var cure: String?
        public var cureInChinese: String?
    }

    /// The HTTP status.
    public var status: Int
    /// Stable, snake_case; `http_<status>` where the answer was not a problem document.
    public var code: String
    public var title: String
    public var detail: String?
    /// All that failed, the reason first. Empty for errors that are not refusals.
    public var checks: [Check]
    /// The wrong field of the request, and the form it may have.
    public var field: String?
    public var allowed: String?
    /// Set with `expired`.
    public var validUntil: Date?
    public var requestID: String?
    /// Seconds to wait, from `Retry-After`.
    public var retryAfter: Int?

    package init(status: Int, code: String, title: String) {
        self.status = status
        self.code = code
        self.title = title
        checks = []
    }

    /// Anything may stand in front of a server (a proxy's HTML page, say), so whatever can't be read as a
    /// problem becomes one that says only the status.
    package init(_ response: APIResponse) {
        self.init(
            status: response.status, code: "http_\(response.status)",
            title: "The server answered \(response.status).")
        requestID = response.header("x-request-id")
        retryAfter = response.header("retry-after").flatMap { Int($0) }
        guard let json = try? response.json() else { return }
        code = json["code"]?.string ?? code
        title = json["title"]?.string ?? title
        detail = json["detail"]?.string
        field = json["field"]?.string
        allowed = json["allowed"]?.string
        requestID = json["request_id"]?.string ?? requestID
        validUntil = json["valid_until"]?.string.flatMap { Date(rfc3339: $0) }
        checks = (json["checks"]?.array ?? []).compactMap { check in
            guard let code = check["code"]?.string else { return nil }
            return Check(
                code: code, detail: check["detail"]?.string, cure: check["cure"]?.string,
                cureInChinese: check["cure_zh"]?.string)
        }
    }
}

extension APIProblem: CustomStringConvertible {
    public var description: String {
        ([code, detail ?? title] + (field.map { ["field \($0)"] } ?? [])).joined(separator: ": ")
    }
}

extension Date {
    /// An RFC 3339 time at whole milliseconds.
    package init?(rfc3339 text: String) {
        guard let milliseconds = RFC3339.unixMilliseconds(text) else { return nil }
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    package var rfc3339: String {
        RFC3339.string(unixMilliseconds: Int64((timeIntervalSince1970 * 1000).rounded(.down)))
    }
}
