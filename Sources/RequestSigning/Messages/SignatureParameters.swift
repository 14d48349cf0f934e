/// What a signature covers and says of itself: the `@signature-params` of RFC 9421 §2.3.
public struct SignatureParameters: Sendable, Hashable {
    /// The covered components, in the order of their lines.
    public let components: [MessageComponent]
    /// Unix seconds.
    public let created: Int64?
    /// Unix seconds.
    public let expires: Int64?
    public let nonce: String?
    /// The `alg` parameter as written; ``SignatureAlgorithm`` names those that are known.
    public let algorithm: String?
    public let keyID: String?
    public let tag: String?
    /// The inner list with its parameters, in the order of the sender, strictly serialized (RFC 8941 §4.1.1.1).
    public let text: [UInt8]
    /// Where ``text`` holds each component's identifier.
    let identifiers: [Range<Int>]

    /// Parameters in the order created, expires, nonce, alg, keyid, tag; absent ones are left out.
    public init(
        covering components: [MessageComponent], created: Int64? = nil, expires: Int64? = nil,
        nonce: String? = nil, algorithm: String? = nil, keyID: String? = nil, tag: String? = nil
    ) {
        var text: [UInt8] = [UInt8(ascii: "(")]
        var identifiers: [Range<Int>] = []
        for (index, component) in components.enumerated() {
            if index > 0 { text.append(UInt8(ascii: " ")) }
            let start = text.count
            component.append(to: &text)
            identifiers.append(start..<text.count)
        }
        text.append(UInt8(ascii: ")"))
        for (key, value) in [("created", created), ("expires", expires)] {
            guard let value else { continue }
            text.append(contentsOf: ";\(key)=\(value)".utf8)
        }
        for (key, value) in [("nonce", nonce), ("alg", algorithm), ("keyid", keyID), ("tag", tag)] {
            guard let value else { continue }
            text.append(contentsOf: ";\(key)=".utf8)
            MessageComponent.append(string: value, to: &text)
        }
        self.init(
            components: components, created: created, expires: expires, nonce: nonce, algorithm: algorithm,
            keyID: keyID, tag: tag, text: text, identifiers: identifiers)
    }

    init(
        components: [MessageComponent], created: Int64?, expires: Int64?, nonce: String?, algorithm: String?,
        keyID: String?, tag: String?, text: [UInt8], identifiers: [Range<Int>]
    ) {
        self.components = components
        self.created = created
        self.expires = expires
        self.nonce = nonce
        self.algorithm = algorithm
        self.keyID = keyID
        self.tag = tag
        self.text = text
        self.identifiers = identifiers
    }
}
