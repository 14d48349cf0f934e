import Crypto
import HTTPTypes

extension Profile {
    /// tif: `x-tif-paasid` (the key id), `x-tif-timestamp` (unix seconds), `x-tif-nonce`, and
    /// `x-tif-signature`, the hex of SHA-256(time ‖ token ‖ nonce ‖ time); `x-rio-…` are other names of the
    /// same (section C).
    ///
    /// The body, the method and the path aren't signed. ``SignedContent/bytes`` leave the token out.
    public static let tif = Profile(
        id: "tif", window: 180, keyKinds: [.secret], scheme: TokenDigest())
}

private struct TokenDigest: SigningScheme {
    func recognizes(_ message: HTTPMessage) -> Bool {
        message.head.headerFields.contains { Self.isMark($0.name.canonicalName) }
    }

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        let fields = message.head.headerFields
        let isRIO = fields.contains { $0.name.canonicalName.hasPrefix("x-rio-") }
        let isTIF = fields.contains { $0.name.canonicalName.hasPrefix("x-tif-") }
        let prefix = isRIO && !isTIF ? "x-rio-" : "x-tif-"
        let keyID = try KeyIdentifier.check(fields.text(prefix + "paasid"), in: prefix + "paasid")
        let time = fields.text(prefix + "timestamp")
        let seconds = try UnixTime.seconds(time, in: prefix + "timestamp")
        let nonce = fields.text(prefix + "nonce")
        try Nonce.check(nonce ?? "")
        let text = try SignatureText.present(fields.text(prefix + "signature"), in: prefix + "signature")
        guard let digest = HexText.decode(text), digest.count == SHA256.byteCount else {
            throw .malformedSignature("the hex of 32 bytes")
        }
        return PresentedSignature(
            profile: profile, keyID: keyID, time: seconds * 1000, timeText: time ?? "", isWholeSeconds: true,
            nonce: nonce, signature: digest)
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        SignedContent(
            bytes: Self.text(presented.timeText, presented.nonce ?? ""), travels: .bytes(message.body))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        guard case .secret(let token) = key.material else { throw DueSignature.unfit }
        return Self.isEqual(
            Self.digest(content.bytes, timeCount: presented.timeText.utf8.count, token), presented.signature)
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        Self.text(String(due.seconds), due.nonce)
    }

    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        guard case .secret(let token) = due.key.material else { throw DueSignature.unfit }
        let time = String(due.seconds)
        let digest = Self.digest(
            Self.text(time, due.nonce), timeCount: time.utf8.count, token)
        let prefix = "x-\(due.options.family.rawValue)-"
        var message = due.message
        message.head.headerFields.set(prefix + "paasid", due.key.id)
        message.head.headerFields.set(prefix + "timestamp", time)
        message.head.headerFields.set(prefix + "nonce", due.nonce)
        message.head.headerFields.set(
            prefix + "signature", HexText.encode(digest, uppercase: due.options.usesUppercaseHex))
        return message
    }

    private static func isMark(_ name: String) -> Bool {
        (name.hasPrefix("x-tif-") || name.hasPrefix("x-rio-"))
            && ["paasid", "timestamp", "nonce", "signature"].contains(name.dropFirst(6))
    }

    private static func text(_ time: String, _ nonce: String) -> [UInt8] {
        Array(time.utf8) + nonce.utf8 + time.utf8
    }

    /// Over the text without the token, which comes behind the first time in it.
    private static func digest(_ text: [UInt8], timeCount: Int, _ token: SharedSecret) -> SHA256Digest {
        var hasher = SHA256()
        text.withUnsafeBytes { text in
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: text[..<timeCount]))
            token.withUnsafeBytes { hasher.update(bufferPointer: $0) }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: text[timeCount...]))
        }
        return hasher.finalize()
    }

    /// In constant time: every byte is looked at. The operator of `Digest` does the same at a third of what the
    /// whole verification costs.
    private static func isEqual(_ digest: SHA256Digest, _ bytes: [UInt8]) -> Bool {
        digest.withUnsafeBytes { digest in
            digest.count == bytes.count && zip(digest, bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }
}
