/// What a request says of its signature, read and checked for form; nothing of it is verified yet.
public struct PresentedSignature: Sendable {
    public let profile: Profile
    public let keyID: String
    /// When the request was signed by its signer's clock, in unix milliseconds.
    public let time: Int64
    /// The time as it was written.
    public let timeText: String
    /// The time was written in whole seconds, and is compared in them.
    public let isWholeSeconds: Bool
    /// Nil where the profile has none.
    public let nonce: String?
    /// The signature's bytes, out of Base64 or hex.
    public let signature: [UInt8]
    /// The member of Signature-Input (RFC 9421); nil in other profiles.
    public var label: String? { messageSignature?.label }
    let messageSignature: MessageSignature?
    /// The body, where reading the signature took parsing it: that of `envelope` and `fsi-sm`.
    public let document: JSONDocument?

    init(
        profile: Profile, keyID: String, time: Int64, timeText: String, isWholeSeconds: Bool, nonce: String?,
        signature: [UInt8], messageSignature: MessageSignature? = nil, document: JSONDocument? = nil
    ) {
        self.profile = profile
        self.keyID = keyID
        self.time = time
        self.timeText = timeText
        self.isWholeSeconds = isWholeSeconds
        self.nonce = nonce
        self.signature = signature
        self.messageSignature = messageSignature
        self.document = document
    }

    /// The body, parsed now if that wasn't needed before.
    func body(of message: HTTPMessage, limits: JSONLimits) throws(SigningRefusal) -> JSONDocument {
        if let document { return document }
        return try JSONDocument(parsing: message.body, limits: limits)
    }
}
