import HTTPTypes
import ShangMi

extension Profile {
    /// envelope: a body `{appId, encData, encType, signData, signType, timestamp, version}` of mobile payment
    /// and e-prescriptions; `appId` is the key id, `timestamp` unix milliseconds, `signData` the Base64 of r
    /// ‖ s, `encData` the hex of SM4-ECB with PKCS#7 (section D of the wire formats).
    ///
    /// Signed is the outer map with `data` in the clear; the method and the path aren't. There is no nonce.
    /// ``SignedContent/bytes`` leave `&key=<appSecret>` out. What travels on is `data`, decrypted.
    public static let envelope = Profile(
        id: "envelope", timeForm: .milliseconds, hasNonce: false, keyKinds: [.envelope],
        scheme: EncryptedEnvelope())
}

private struct EncryptedEnvelope: SigningScheme {
    func recognizes(_ message: HTTPMessage) -> Bool {
        ByteSearch.contains("\"signData\"", in: message.body)
            && ByteSearch.contains("\"encData\"", in: message.body)
    }

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        let body = try JSONDocument(parsing: message.body, limits: limits)
        guard body.isObject else { throw SigningRefusal(.notAnObject, "An envelope is a JSON object.") }
        let keyID = try KeyIdentifier.check(body.string(at: "appId"), in: "appId")
        let stamp = body["timestamp"]
        let time = stamp?.string ?? stamp?.numberText
        let milliseconds = try UnixTime.milliseconds(time, in: "timestamp")
        let signature = try SignatureText.base64(body.string(at: "signData"), in: "signData")
        guard signature.count == 64 else { throw .malformedSignature("the 64 bytes of r and s") }
        guard body.string(at: "encType") == "SM4", body.string(at: "signType") == "SM2" else {
            throw EnvelopeText.malformed("An envelope's encType is SM4 and its signType SM2.")
        }
        guard let version = body.string(at: "version"), EnvelopeText.isVersion(version) else {
            throw EnvelopeText.malformed("An envelope's version is digits and dots.")
        }
        return PresentedSignature(
            profile: profile, keyID: keyID, time: milliseconds, timeText: time ?? "", isWholeSeconds: false,
            nonce: nil, signature: signature, document: body)
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        guard case .envelope(let terms, _) = key.material else { throw DueSignature.unfit }
        let body = try presented.body(of: message, limits: limits)
        guard let hex = body.string(at: "encData"), let ciphertext = HexText.decode(hex) else {
            throw EnvelopeText.malformed("An envelope's encData is hexadecimal.")
        }
        guard let plain = try? SM4.ECB.decrypt(ciphertext, using: terms.dataKey) else {
            throw EnvelopeText.malformed("The encData can't be decrypted with the key agreed on.")
        }
        let data = try JSONDocument(parsing: plain, limits: limits)
        let text = EnvelopeText.joined(
            try EnvelopeText.members(of: body), data: try data.canonical(.envelope(terms.keyOrder)),
            order: terms.keyOrder)
        return SignedContent(bytes: text, parameters: data, travels: .bytes(plain))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        guard case .envelope(let terms, let key) = key.material else { throw DueSignature.unfit }
        guard let pair = try? SM2.Signing.Signature(rawRepresentation: presented.signature) else {
            throw .malformedSignature("the 64 bytes of r and s")
        }
        return key.isValidSignature(pair, forDigest: Self.digest(content.bytes, terms, key))
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        guard case .envelope(let terms, _) = due.key.material else { throw DueSignature.unfit }
        let data = try JSONDocument(parsing: due.message.body, limits: due.limits)
        return EnvelopeText.joined(
            Self.members(terms, due.time), data: try data.canonical(.envelope(terms.keyOrder)),
            order: terms.keyOrder)
    }

    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        guard case .envelope(let terms, let key) = due.key.material, due.key.id == terms.appID else {
            throw DueSignature.unfit
        }
        let digest = Self.digest(try signedBytes(due), terms, key.publicKey)
        let data = try JSONDocument(parsing: due.message.body, limits: due.limits)
        guard let signature = try? key.signature(forDigest: digest),
            let ciphertext = try? SM4.ECB.encrypt(data.bytes, using: terms.dataKey)
        else {
            throw SigningRefusal(.keyMalformed, "The SM2 key can't sign.")
        }
        var body = JSONObjectText()
        for (name, text) in Self.members(terms, due.time) { body.append(name, string: text) }
        body.append("encData", string: HexText.encode(ciphertext, uppercase: true))
        body.append("signData", string: SignatureText.base64(signature.rawRepresentation))
        var message = due.message
        message.body = body.bytes
        return message
    }

    private static func members(_ terms: EnvelopeTerms, _ time: Int64) -> [(String, String)] {
        [
            ("appId", terms.appID), ("encType", "SM4"), ("signType", "SM2"), ("timestamp", String(time)),
            ("version", terms.version),
        ]
    }

    private static func digest(
        _ text: [UInt8], _ terms: EnvelopeTerms, _ key: SM2.Signing.PublicKey
    ) -> SM3Digest {
        var hasher = key.messageHasher(userID: terms.userID)
        hasher.update(text)
        hasher.update(Array("&key=".utf8))
        terms.appSecret.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hasher.finalize()
    }

    /// The signature alone: it covers the time, and it has one spelling, while the JSON around it has many.
    func replayToken(of presented: PresentedSignature, in message: HTTPMessage) -> [UInt8] {
        Array(SM3.hash(presented.signature))
    }
}
