package import AuditLog

/// A complete answer.
package struct APIResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var bytes: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)], bytes: [UInt8]) {
        self.status = status
        self.headers = headers
        self.bytes = bytes
    }

    /// The first value of a header; names compare without case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package func json() throws(JSONError) -> JSON { try JSON(parsing: bytes) }
}

/// The server kept to HTTP but not to its own API: a field is missing or has the wrong form.
public struct UnexpectedAnswer: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}

extension JSON {
    /// A member the API promises.
    package func text(_ key: String) throws -> String {
        guard let value = self[key]?.string else { throw UnexpectedAnswer("the answer lacks “\(key)”") }
        return value
    }

    package func number(_ key: String) throws -> Int {
        guard let value = self[key]?.integer else { throw UnexpectedAnswer("the answer lacks “\(key)”") }
        return value
    }
}
