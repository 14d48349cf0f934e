extension SM2.PublicKey where Use == SM2.Encryption {
    /// Encrypts bytes for the owner of the private key (GB/T 32918.4, 6.1).
    ///
    /// - Parameters:
    ///   - plaintext: at least one byte, else `incorrectMessageSize`.
    ///   - format: how the three parts are put together.
    ///   - compressed: whether the point takes 33 bytes and not 65; only ``SM2/Encryption/Format/c1c3c2`` and
    ///     ``SM2/Encryption/Format/c1c2c3`` have it, the others refuse with `unsupportedAlgorithm`.
    /// - Returns: the plaintext's length and 97 bytes more, in the default format.
    public func encrypt(
        _ plaintext: some Sequence<UInt8>, format: SM2.Encryption.Format = .c1c3c2, compressed: Bool = false
    ) throws(ShangMiError) -> [UInt8] {
        var plaintext = Array(plaintext)
        defer { plaintext.wipe() }
        guard !plaintext.isEmpty else { throw .incorrectMessageSize }
        guard !compressed || format.hasPointPrefix else { throw .unsupportedAlgorithm }
        while true {
            let nonce = Scalar.random(through: Scalar.highestNonce)
            guard let parts = material.encrypted(plaintext, nonce: nonce) else { continue }
            return parts.encoded(format, compressed: compressed)
        }
    }

    /// The ciphertext with a nonce given, as the standard's example needs it; nil where the nonce won't do.
    package func encrypt(
        _ plaintext: [UInt8], nonce: UInt256, format: SM2.Encryption.Format
    ) -> [UInt8]? {
        material.encrypted(plaintext, nonce: Scalar(reducing: nonce))?.encoded(format, compressed: false)
    }
}

extension SM2.PrivateKey where Use == SM2.Encryption {
    /// Opens what ``SM2/PublicKey/encrypt(_:format:compressed:)`` made (GB/T 32918.4, 7.1).
    ///
    /// Every failure is the same `authenticationFailure`, whether the encoding, the point or the hash is wrong.
    ///
    /// - Parameter format: must be what the sender used: nothing in the bytes tells C1C3C2 from C1C2C3. The
    ///   point may be compressed or not.
    public func decrypt(
        _ ciphertext: some Sequence<UInt8>, format: SM2.Encryption.Format = .c1c3c2
    ) throws(ShangMiError) -> [UInt8] {
        guard let parts = CiphertextParts(Array(ciphertext), format),
            let plaintext = material.decrypted(parts)
        else { throw .authenticationFailure }
        return plaintext
    }
}

extension PublicKeyMaterial {
    /// Nil where the key stream is all zero, which would send the plaintext as it is: another nonce is due.
    fileprivate func encrypted(_ plaintext: [UInt8], nonce: Scalar) -> CiphertextParts? {
        let (ephemeral, shared) = JacobianPoint.affinePair(
            BaseTable.shared.multiply(nonce), JacobianPoint.multiply(point, by: nonce))
        let stream = SharedPointStream(shared)
        guard let masked = stream.masking(plaintext) else { return nil }
        return CiphertextParts(point: ephemeral, hash: UInt256(stream.hash(of: plaintext)), masked: masked)
    }
}

extension PrivateKeyMaterial {
    fileprivate func decrypted(_ parts: CiphertextParts) -> [UInt8]? {
        let stream = SharedPointStream(JacobianPoint.multiply(parts.point, by: scalar).affine)
        guard var plaintext = stream.masking(parts.masked) else { return nil }
        // Numbers of 256 bits compare in constant time.
        if UInt256(stream.hash(of: plaintext)) == parts.hash { return plaintext }
        plaintext.wipe()
        return nil
    }
}
