import HTTPTypes

/// What the profile `rfc9421` demands that a signature covers (RFC 9421 §3.2.1, §7.2.1).
///
/// - `@method`;
/// - `@target-uri`, or else `@path` and, if the request has a query, `@query`;
/// - `content-digest` if the request has a body, as a whole or one of its sha-256 and sha-512.
///
/// `@query-param` replaces no `@query`: what it leaves out, a stranger could add. `@authority` is optional,
/// because a gateway's own name is often changed on the way.
enum MessageCoverage {
    /// - Throws: `coverage_insufficient`, naming what is not covered.
    static func check(_ signature: MessageSignature, of message: HTTPMessage) throws(SigningRefusal) {
        let components = signature.parameters.components
        try require(.method, components.contains(.method))
        if !components.contains(.targetURI) {
            try require(.path, components.contains(.path))
            let hasQuery = RequestTarget(message.head).query.map { !$0.isEmpty } ?? true
            try require(.query, !hasQuery || components.contains(.query))
        }
        if !message.body.isEmpty {
            try require(.contentDigest, components.contains(where: coversContent))
        }
    }

    private static func coversContent(_ component: MessageComponent) -> Bool {
        guard component.name == MessageComponent.contentDigest.name else { return false }
        return switch component.parameter {
        case .none, .structuredField, .byteSequences: true
        case .member(let key): ContentDigest.Algorithm(rawValue: key) != nil
        case .queryParameter: false
        }
    }

    private static func require(_ component: MessageComponent, _ isMet: Bool) throws(SigningRefusal) {
        if isMet { return }
        throw SigningRefusal(.coverageInsufficient, "The signature must cover \(component).")
    }
}
