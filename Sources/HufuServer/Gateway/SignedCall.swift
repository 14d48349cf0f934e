import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import RequestSigning
import Storage

/// A call whose signature holds and whose device may make it, with its entry in the log.
struct AdmittedCall: Representable {
    /// What was checked, shared: an admitted call passes through many hands.
    private final class Facts: Sendable {
        let claims: AuthClaims
        let scope: String
        let message: HTTPMessage
        let content: SignedContent
        let marks: BusinessMarks

        init(
            _ claims: AuthClaims, _ scope: String, _ message: HTTPMessage, _ content: SignedContent,
            _ marks: BusinessMarks
        ) {
            self.claims = claims
            self.scope = scope
            self.message = message
            self.content = content
            self.marks = marks
        }
    }

    private let facts: Facts
    let binding: UUID
    let codeIndex: Int
    var index = 0

    init(
        claims: AuthClaims, scope: String, message: HTTPMessage, content: SignedContent, marks: BusinessMarks,
        binding: UUID, codeIndex: Int
    ) {
        facts = Facts(claims, scope, message, content, marks)
        self.binding = binding
        self.codeIndex = codeIndex
    }

    var claims: AuthClaims { facts.claims }
    var scope: String { facts.scope }
    var message: HTTPMessage { facts.message }
    var content: SignedContent { facts.content }
    var marks: BusinessMarks { facts.marks }

    /// In their canonical order.
    private var members: [(name: String, value: JSON)] {
        let members: [(name: String, value: JSON?)] = [
            ("admitted", true), ("binding_id", .string(claims.device)), ("code_id", .string(claims.code)),
            ("institution_id", .string(claims.institution)), ("key_id", .string(claims.keyID)),
            ("log_index", JSON(index)), ("method", .string(message.head.method.rawValue)),
            ("path", .string(String(message.route))), ("profile", .string(claims.profile.id)),
            ("query", message.query.map { .string(String($0)) }), ("scope", .string(scope)),
            ("scopes", JSON(claims.scopes.sorted())),
        ]
        return members.compactMap { name, value in value.map { (name, $0) } }
    }

    var json: JSON { .object(Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) })) }

    /// What the echo answers: the members above, and the body byte for byte as it would travel on.
    var echo: [UInt8] {
        var writer = CanonicalJSON(capacity: 1024 + content.body.count)
        for (number, member) in members.enumerated() {
            writer.write(raw: number == 0 ? "{" : ",")
            writer.write(member.name)
            writer.write(raw: ":")
            writer.write(member.value)
        }
        if !content.body.isEmpty, (try? JSONDocument(parsing: content.body)) != nil {
            writer.write(raw: #","body":"#)
            writer.write(raw: content.body)
        }
        writer.write(raw: "}")
        return writer.bytes
    }
}

extension HTTPMessage {
    /// The path without its query.
    var route: Substring {
        let path = head.path ?? "/"
        return path.utf8.firstIndex(of: UInt8(ascii: "?")).map { path[..<$0] } ?? path[...]
    }

    fileprivate var query: Substring? {
        guard let path = head.path, let mark = path.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return path[mark...].dropFirst()
    }
}
