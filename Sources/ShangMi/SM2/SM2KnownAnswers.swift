extension SM2 {
    /// The worked examples of GB/T 32918.5-2017 and one deterministic signature.
    static let selfTestChecks = [
        SelfTestCheck(name: "SM2 signature", passes: SM2KnownAnswers.signs),
        SelfTestCheck(name: "SM2 deterministic signature", passes: SM2KnownAnswers.signsDeterministically),
        SelfTestCheck(name: "SM2 verification", passes: SM2KnownAnswers.verifies),
        SelfTestCheck(name: "SM2 encryption", passes: SM2KnownAnswers.encrypts),
        SelfTestCheck(name: "SM2 decryption", passes: SM2KnownAnswers.decrypts),
        SelfTestCheck(name: "SM2 key agreement", passes: SM2KnownAnswers.agrees),
    ]
}

/// Each of the checks tells whether the known answer came out.
enum SM2KnownAnswers {
    private static func key<Use>(_ scalar: UInt256) -> SM2.PrivateKey<Use>? {
        try? SM2.PrivateKey(rawRepresentation: scalar.bytes)
    }

    static func signs() -> Bool {
        let key: SM2.Signing.PrivateKey? = key(scalar)
        let digest = key.map { hash("message digest", $0.publicKey) }
        return digest == self.digest && key?.signature(forDigest: self.digest, nonce: nonce) == signature
    }

    static func signsDeterministically() -> Bool {
        let key: SM2.Signing.PrivateKey? = key(scalar)
        return key?.signature(for: "message digest".utf8, nonce: .deterministic) == deterministicSignature
    }

    static func verifies() -> Bool {
        guard let key: SM2.Signing.PrivateKey = key(scalar) else { return false }
        let publicKey = key.publicKey
        return publicKey.isValidSignature(signature, for: "message digest".utf8)
            && !publicKey.isValidSignature(signature, for: "message digesT".utf8)
    }

    static func encrypts() -> Bool {
        let key: SM2.Encryption.PrivateKey? = key(scalar)
        let plaintext = Array("encryption standard".utf8)
        return key?.publicKey.encrypt(plaintext, nonce: nonce, format: .c1c3c2) == ciphertext
    }

    static func decrypts() -> Bool {
        guard let key: SM2.Encryption.PrivateKey = key(scalar) else { return false }
        var changed = ciphertext
        changed[changed.count - 1] ^= 1
        return (try? key.decrypt(ciphertext)) == Array("encryption standard".utf8)
            && (try? key.decrypt(changed)) == nil
    }

    static func agrees() -> Bool {
        guard let first: SM2.KeyAgreement.PrivateKey = key(initiatorScalar),
            let second: SM2.KeyAgreement.PrivateKey = key(responderScalar),
            let firstEphemeral: SM2.KeyAgreement.PrivateKey = key(initiatorEphemeralScalar),
            let secondEphemeral: SM2.KeyAgreement.PrivateKey = key(responderEphemeralScalar)
        else { return false }
        let initiator = SM2.KeyAgreement.Exchange(
            as: .initiator, key: first, with: second.publicKey, ephemeral: firstEphemeral)
        let agreement = try? initiator.agreement(on: secondEphemeral.publicKey, keyByteCount: 16)
        return (try? agreement?.key(confirmedBy: responderConfirmation)) != nil
            && agreement?.confirmation == initiatorConfirmation
    }

    private static func hash(_ message: String, _ key: SM2.Signing.PublicKey) -> UInt256 {
        var hasher = key.messageHasher()
        hasher.update(contentsOf: message.utf8)
        return UInt256(hasher.finalize())
    }
}
