import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import RequestSigning
import Storage

/// A call whose signature holds and whose device may make it, with its entry in the log.
struct AdmittedCall: Representable {
    let claims: AuthClaims
    let scope: String
    let message: HTTPMessage
    let content: SignedContent
    let binding: UUID
    let codeIndex: Int
    var index = 0

    var json: JSON {
        .compact([
            "admitted": true, "profile": .string(claims.profile.id), "key_id": .string(claims.keyID),
            "institution_id": .string(claims.institution), "binding_id": .string(claims.device),
            "code_id": .string(claims.code), "scopes": JSON(claims.scopes.sorted()), "scope": .string(scope),
            "method": .string(message.head.method.rawValue), "path": .string(String(message.route)),
            "query": JSON(message.head.path?.firstIndex(of: "?").map { _ in message.queryText }),
            "log_index": JSON(index),
        ])
    }

    /// What the echo answers: the members above, and the body byte for byte as it would travel on.
    var echo: [UInt8] {
        var text = json.canonical()
        let body = content.body
        guard (try? JSONDocument(parsing: body)) != nil else { return text }
        text.removeLast()
        return text + Array(#","body":"#.utf8) + body + [UInt8(ascii: "}")]
    }
}

extension HTTPMessage {
    /// The path without its query.
    var route: Substring {
        let path = head.path ?? "/"
        return path.prefix { $0 != "?" }
    }

    fileprivate var queryText: String { String((head.path ?? "").drop { $0 != "?" }.dropFirst()) }
}
