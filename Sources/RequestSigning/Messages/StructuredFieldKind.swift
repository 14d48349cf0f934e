/// What a structured field is at its top (RFC 8941 §3); `;sf` needs to know it (RFC 9421 §2.1.1).
public enum StructuredFieldKind: Sendable, Hashable {
    case item, list, dictionary

    /// The registered fields that calls to a gateway may carry; add those of an application.
    public static let registered: [String: StructuredFieldKind] = [
        "accept-ch": .list,
        "accept-signature": .dictionary,
        "cache-status": .list,
        "cdn-cache-control": .dictionary,
        "client-cert": .item,
        "client-cert-chain": .list,
        "content-digest": .dictionary,
        "priority": .dictionary,
        "proxy-status": .list,
        "repr-digest": .dictionary,
        "signature": .dictionary,
        "signature-input": .dictionary,
        "want-content-digest": .dictionary,
        "want-repr-digest": .dictionary,
    ]
}
