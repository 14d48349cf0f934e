extension SM2.Signing {
    /// Where the number k of a signature comes from. Who learns one, or sees two signatures with the same,
    /// learns the private key.
    public enum Nonce: Sendable {
        /// From the system's random generator: the same message gets another signature every time.
        case random
        /// From the key and the digest (RFC 6979 with SM3): the same message always gets the same signature.
        case deterministic
    }
}

extension SM2.PrivateKey where Use == SM2.Signing {
    /// Signs a whole message (GB/T 32918.2, 6.1).
    public func signature(
        for message: Span<UInt8>, userID: SM2.UserID = .default, nonce: SM2.Signing.Nonce = .random
    ) -> SM2.Signing.Signature {
        var hasher = publicKey.messageHasher(userID: userID)
        hasher.update(message)
        return signature(hasher.finalize(), nonce)
    }

    /// The same over any bytes.
    public func signature(
        for message: some Sequence<UInt8>, userID: SM2.UserID = .default, nonce: SM2.Signing.Nonce = .random
    ) -> SM2.Signing.Signature {
        var hasher = publicKey.messageHasher(userID: userID)
        hasher.update(contentsOf: message)
        return signature(hasher.finalize(), nonce)
    }

    /// Signs the digest of a message: SM3(Z ‖ M) as ``SM2/PublicKey/messageHasher(userID:)`` makes it.
    ///
    /// - Parameter digest: 32 bytes, else `incorrectDigestSize`. A bare SM3 of the message, without Z, makes a
    ///   signature that nobody else takes.
    public func signature(
        forDigest digest: some Sequence<UInt8>, nonce: SM2.Signing.Nonce = .random
    ) throws(ShangMiError) -> SM2.Signing.Signature {
        let digest = Array(digest)
        guard digest.count == SM3.byteCount else { throw .incorrectDigestSize }
        return signature(UInt256(bigEndian: digest.span), nonce)
    }

    private func signature(_ digest: SM3Digest, _ nonce: SM2.Signing.Nonce) -> SM2.Signing.Signature {
        signature(UInt256(digest), nonce)
    }

    private func signature(_ digest: UInt256, _ nonce: SM2.Signing.Nonce) -> SM2.Signing.Signature {
        let e = Scalar(reducing: digest)
        switch nonce {
        case .random:
            while true {
                let k = Scalar.random(through: Scalar.highestNonce)
                if let signature = material.signature(of: e, nonce: k) { return signature }
            }
        case .deterministic:
            var nonces = DeterministicNonces(key: material.scalar, digest: e)
            while true {
                if let signature = material.signature(of: e, nonce: nonces.next()) { return signature }
            }
        }
    }

    /// The signature with a nonce given, as the standard's examples need it; nil where the nonce won't do.
    package func signature(forDigest digest: UInt256, nonce: UInt256) -> SM2.Signing.Signature? {
        material.signature(of: Scalar(reducing: digest), nonce: Scalar(reducing: nonce))
    }
}

extension PrivateKeyMaterial {
    /// r = e + x of k·G and s = (1 + d)^-1·(k + r) - r, the standard's (1 + d)^-1·(k - r·d) with one product.
    ///
    /// Nil where r or s is 0 or r + k is n, and another nonce is due.
    fileprivate func signature(of e: Scalar, nonce k: Scalar) -> SM2.Signing.Signature? {
        let point = BaseTable.shared.multiply(k).affine
        let r = e + Scalar(reducing: point.x.value)
        let sum = k + r
        let s = Scalar.montgomeryProduct(inverseOfSuccessor, sum) - r
        guard r.zeroMask | sum.zeroMask | s.zeroMask == 0 else { return nil }
        return SM2.Signing.Signature(r: r.value, s: s.value)
    }
}

extension UInt256 {
    init(_ digest: SM3Digest) {
        self = unsafe digest.withUnsafeBytes { bytes in
            unsafe UInt256(bigEndian: Span<UInt8>(_unsafeBytes: bytes))
        }
    }
}
