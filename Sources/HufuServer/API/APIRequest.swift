import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Storage

/// A request as handlers see it: decoded, its shape checked against the published schema, its caller known.
struct APIRequest: Sendable {
    let body: JSON
    /// The body as it came.
    let bytes: ByteBuffer
    let head: HTTPRequest
    let uri: URI
    let parameters: Parameters
    var call: Call

    func id(_ name: String = "id") throws -> UUID {
        guard let text = parameters.get(name), let id = UUID(uuidString: text) else {
            throw InputError.notFound("id: it is a UUID")
        }
        return id
    }

    func parameter(_ name: String) throws -> String {
        guard let text = parameters.get(name) else { throw InputError.notFound(name) }
        return text
    }

    func text(_ name: String) throws -> String {
        guard let text = body[name]?.string else {
            throw InputError.invalid(field: name, allowed: "a string")
        }
        return text
    }

    func uuid(_ name: String) throws -> UUID {
        guard let id = UUID(uuidString: try text(name)) else {
            throw InputError.invalid(field: name, allowed: "a UUID")
        }
        return id
    }

    /// An activation code in any tolerated spelling.
    func secret() throws -> CodeSecret {
        guard let text = body["code"]?.string else {
            throw InputError.invalid(field: "code", allowed: "an activation code")
        }
        return try CodeSecret(parsing: text)
    }

    func bytes(_ name: String, count: Int) throws -> Data {
        guard let data = Data(base64URL: try text(name)), data.count == count else {
            throw InputError.invalid(field: name, allowed: "\(count) bytes in base64url without padding")
        }
        return data
    }

    func query(_ name: String) -> String? { uri.queryParameters[Substring(name)].map(String.init) }

    func queryID(_ name: String) throws -> UUID? {
        try query(name).map { text in
            guard let id = UUID(uuidString: text) else {
                throw InputError.invalid(field: name, allowed: "a UUID")
            }
            return id
        }
    }

    func page() throws -> Page {
        let limit = try query("limit").map { text in
            guard let limit = Int(text), (1...500).contains(limit) else {
                throw InputError.invalid(field: "limit", allowed: "a number from 1 to 500")
            }
            return limit
        }
        let cursor = query("cursor") ?? ""
        guard cursor.utf8.count <= 128 else {
            throw InputError.invalid(field: "cursor", allowed: "the next_cursor of the part before")
        }
        return Page(cursor: cursor, limit: limit ?? 50)
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ text: String?, _ type: Value.Type
    ) throws -> Value? {
        try text.map { text in
            guard let value = Value(rawValue: text) else {
                throw InputError.invalid(
                    field: name, allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "))
            }
            return value
        }
    }

    func fingerprint() throws -> DeviceFingerprint? { try body.fingerprint() }
}

/// What a handler answers.
struct APIAnswer: Sendable {
    var status: HTTPResponse.Status = .ok
    var headers: HTTPFields = [:]
    var body: Body

    enum Body: Sendable {
        case json(JSON)
        case text(String, type: String)
        case bytes([UInt8], type: String)
        case stream(type: String, @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void)
        case empty
    }

    static func json(_ answer: some Representable, status: HTTPResponse.Status = .ok) -> APIAnswer {
        APIAnswer(status: status, body: .json(answer.json))
    }

    /// A part of a list. `cursor` tells an item's place; there is a next part when this one is full.
    static func list<Item: Representable>(_ items: [Item], _ page: Page, cursor: (Item) -> String)
        -> APIAnswer
    {
        var document: [String: JSON] = ["items": .array(items.map(\.json))]
        if items.count == page.limit, let last = items.last {
            document["next_cursor"] = .string(cursor(last))
        }
        return APIAnswer(body: .json(.object(document)))
    }
}

extension JSON {
    func fingerprint() throws -> DeviceFingerprint? {
        guard let members = self["fingerprint"]?.object else { return nil }
        return try DeviceFingerprint(
            members.mapValues { value in
                guard let data = value.string.flatMap({ Data(base64URL: $0) }) else {
                    throw InputError.invalid(
                        field: "fingerprint", allowed: "components of 32 bytes in base64url")
                }
                return data
            })
    }
}
