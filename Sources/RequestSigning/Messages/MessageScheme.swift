import CryptoExtras
import HTTPTypes

/// How the profile `rfc9421` reads and writes.
struct MessageScheme: SigningScheme {
    private static let label = "sig1"

    func recognizes(_ message: HTTPMessage) -> Bool {
        message.head.headerFields.contains { $0.name.canonicalName == "signature-input" }
    }

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        guard let first = try readAll(message, as: profile, limits: limits).first else {
            throw SigningRefusal(.signatureMissing)
        }
        return first
    }

    /// Those that meet the profile's demands; if none does, the first one's refusal.
    func readAll(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> [PresentedSignature] {
        guard message.body.count <= limits.bytes else {
            throw SigningRefusal(.bodyTooLarge, "A body may have \(limits.bytes) bytes.")
        }
        var presented: [PresentedSignature] = []
        var refusal: SigningRefusal?
        for signature in try MessageSignature.all(in: message.head.headerFields) {
            do throws(SigningRefusal) {
                presented.append(try present(signature, of: message, as: profile))
            } catch {
                refusal = refusal ?? error
            }
        }
        if presented.isEmpty, let refusal { throw refusal }
        return presented
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        guard let parameters = presented.messageSignature?.parameters else {
            throw SigningRefusal(.signatureMissing)
        }
        if let name = parameters.algorithm, name != key.material.messageAlgorithm?.rawValue {
            throw SigningRefusal(
                .algorithmMismatch, "The parameter alg names another algorithm than the key's.")
        }
        let hasDigest = parameters.components.contains { $0.name == MessageComponent.contentDigest.name }
        if hasDigest || !message.body.isEmpty {
            try ContentDigest.check(message.body, against: message.head.headerFields)
        }
        let base = try SignatureBase(parameters, of: message.head)
        return SignedContent(bytes: base.bytes, travels: .bytes(message.body))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        let base = SignatureBase(content.bytes)
        let signature = presented.signature
        switch key.material {
        case .secret(let secret):
            try require(signature, 32, "hmac-sha256 has 32 bytes.")
            return base.isValid(signature, by: secret.key)
        case .ed25519(let key):
            try require(signature, 64, "ed25519 has 64 bytes.")
            return base.isValid(signature, by: key)
        case .p256(let key):
            try require(signature, 64, "ecdsa-p256-sha256 has 64 bytes, r and s in a row, not DER.")
            return base.isValid(signature, by: key)
        case .rsa(let key):
            try require(signature, (key.keySizeInBits + 7) / 8, "rsa-pss-sha512 is as long as the modulus.")
            return base.isValid(signature, by: key)
        case .sm2, .envelope, .fsi: throw DueSignature.unfit
        }
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        try prepare(due).base.bytes
    }

    /// Covers method, authority, path, query if there is one, Content-Type if there is one, and the body by its
    /// Content-Digest; replaces what signature fields the message had.
    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        let (message, parameters, base) = try prepare(due)
        let signature = MessageSignature(
            label: Self.label, parameters: parameters, bytes: try sign(base, by: due.key))
        var signed = message
        signed.head.headerFields.set("Signature-Input", signature.inputFieldValue)
        signed.head.headerFields.set("Signature", signature.fieldValue)
        return signed
    }
}

extension MessageScheme {
    private func present(
        _ signature: MessageSignature, of message: HTTPMessage, as profile: Profile
    ) throws(SigningRefusal) -> PresentedSignature {
        let parameters = signature.parameters
        guard let created = parameters.created else {
            throw SigningRefusal(.timestampMissing, "The signature has no created.")
        }
        for time in [created, parameters.expires ?? created] where time >= 1_000_000_000_000 {
            throw SigningRefusal(.timestampInMilliseconds, "created and expires are unix seconds.")
        }
        if let expires = parameters.expires, expires < created {
            throw SigningRefusal(.signatureExpired, "The signature expires before it is created.")
        }
        let keyID = try KeyIdentifier.check(parameters.keyID, in: "keyid")
        try Nonce.check(parameters.nonce ?? "")
        try MessageCoverage.check(signature, of: message)
        return PresentedSignature(
            profile: profile, keyID: keyID, time: created * 1000, timeText: String(created),
            isWholeSeconds: true, nonce: parameters.nonce, signature: signature.bytes,
            messageSignature: signature)
    }

    private func require(_ signature: [UInt8], _ count: Int, _ detail: String) throws(SigningRefusal) {
        if signature.count != count { throw SigningRefusal(.signatureMalformed, detail) }
    }

    private func prepare(
        _ due: DueSignature
    ) throws(SigningRefusal) -> (message: HTTPMessage, parameters: SignatureParameters, base: SignatureBase) {
        var message = due.message
        var components: [MessageComponent] = [.method]
        if message.head.authority != nil { components.append(.authority) }
        components.append(.path)
        if RequestTarget(message.head).query?.isEmpty == false { components.append(.query) }
        if message.head.headerFields.contains(.contentType) {
            components.append(MessageComponent("content-type"))
        }
        if !message.body.isEmpty {
            message.head.headerFields.set("Content-Digest", ContentDigest.fieldValue(for: message.body))
            components.append(.contentDigest)
        }
        let parameters = SignatureParameters(
            covering: components, created: due.seconds, nonce: due.nonce,
            algorithm: due.key.verificationKey.material.messageAlgorithm?.rawValue, keyID: due.key.id)
        return (message, parameters, try SignatureBase(parameters, of: message.head))
    }

    private func sign(_ base: SignatureBase, by key: SigningKey) throws(SigningRefusal) -> [UInt8] {
        do {
            switch key.material {
            case .secret(let secret): return base.signature(by: secret.key)
            case .ed25519(let key): return try base.signature(by: key)
            case .p256(let key): return try base.signature(by: key)
            case .rsa(let key): return try base.signature(by: key)
            case .sm2, .envelope, .fsi: throw DueSignature.unfit
            }
        } catch let refusal as SigningRefusal {
            throw refusal
        } catch {
            throw SigningRefusal(.keyMalformed, "The key could not sign.")
        }
    }
}

extension VerificationKey.Material {
    /// The one algorithm of RFC 9421 that a key of this kind is used with.
    var messageAlgorithm: SignatureAlgorithm? {
        switch self {
        case .secret: .hmacSHA256
        case .rsa: .rsaPSSSHA512
        case .p256: .ecdsaP256SHA256
        case .ed25519: .ed25519
        case .sm2, .envelope, .fsi: nil
        }
    }
}
