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

        init(_ claims: AuthClaims, _ scope: String, _ message: HTTPMessage, _ content: SignedContent) {
            self.claims = claims
            self.scope = scope
            self.message = message
            self.content = content
        }
    }

    private let facts: Facts
    let binding: UUID
    let codeIndex: Int
    var index = 0

    init(
        claims: AuthClaims, scope: String, message: HTTPMessage, content: SignedContent, binding: UUID,
        codeIndex: Int
    ) {
        facts = Facts(claims, scope, message, content)
        self.binding = binding
        self.codeIndex = codeIndex
    }

    var claims: AuthClaims { facts.claims }
    var scope: String { facts.scope }
    var message: HTTPMessage { facts.message }
    var content: SignedContent { facts.content }

    var json: JSON {
        .compact([
            "admitted": true, "profile": .string(claims.profile.id), "key_id": .string(claims.keyID),
            "institution_id": .string(claims.institution), "binding_id": .string(claims.device),
            "code_id": .string(claims.code), "scopes": JSON(claims.scopes.sorted()), "scope": .string(scope),
            "method": .string(message.head.method.rawValue), "path": .string(String(message.route)),
            "query": JSON(message.query.map { String($0) }),
            "log_index": JSON(index),
        ])
    }

    /// What the echo answers: the members above in their canonical order, and among them the body byte for byte as
    /// it would travel on, if it is JSON.
    var echo: [UInt8] {
        var writer = CanonicalJSON(capacity: 1024 + content.body.count)
        writer.write(raw: #"{"admitted":true,"binding_id":"#)
        writer.write(claims.device)
        if !content.body.isEmpty, (try? JSONDocument(parsing: content.body)) != nil {
            writer.write(raw: #","body":"#)
            writer.write(raw: content.body)
        }
        writer.write(raw: #","code_id":"#)
        writer.write(claims.code)
        writer.write(raw: #","institution_id":"#)
        writer.write(claims.institution)
        writer.write(raw: #","key_id":"#)
        writer.write(claims.keyID)
        writer.write(raw: #","log_index":"#)
        writer.write(Int64(index))
        writer.write(raw: #","method":"#)
        writer.write(message.head.method.rawValue)
        writer.write(raw: #","path":"#)
        writer.write(String(message.route))
        writer.write(raw: #","profile":"#)
        writer.write(claims.profile.id)
        if let query = message.query {
            writer.write(raw: #","query":"#)
            writer.write(String(query))
        }
        writer.write(raw: #","scope":"#)
        writer.write(scope)
        writer.write(raw: #","scopes":"#)
        writer.write(JSON(claims.scopes.sorted()))
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
