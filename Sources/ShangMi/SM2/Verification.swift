extension SM2.PublicKey where Use == SM2.Signing {
    /// An SM3 that has taken in Z of the user and this key: give it the message, in pieces if need be, and
    /// sign or verify its digest.
    public func messageHasher(userID: SM2.UserID = .default) -> SM3 {
        var hasher = SM3()
        hasher.update(material.identity(of: userID))
        return hasher
    }

    /// Is the signature one of this key over the whole message (GB/T 32918.2, 7.1)?
    public func isValidSignature(
        _ signature: SM2.Signing.Signature, for message: Span<UInt8>, userID: SM2.UserID = .default
    ) -> Bool {
        var hasher = messageHasher(userID: userID)
        hasher.update(message)
        return isValid(signature, UInt256(hasher.finalize()))
    }

    /// The same over any bytes.
    public func isValidSignature(
        _ signature: SM2.Signing.Signature, for message: some Sequence<UInt8>, userID: SM2.UserID = .default
    ) -> Bool {
        var hasher = messageHasher(userID: userID)
        hasher.update(contentsOf: message)
        return isValid(signature, UInt256(hasher.finalize()))
    }

    /// Is the signature one of this key over the digest, SM3(Z ‖ M)? One that isn't 32 bytes long has none.
    public func isValidSignature(
        _ signature: SM2.Signing.Signature, forDigest digest: some Sequence<UInt8>
    ) -> Bool {
        let digest = Array(digest)
        guard digest.count == SM3.byteCount else { return false }
        return isValid(signature, UInt256(bigEndian: digest.span))
    }

    /// Variable time: signature, key and digest are public.
    private func isValid(_ signature: SM2.Signing.Signature, _ digest: UInt256) -> Bool {
        guard let r = Scalar(nonzero: signature.r), let s = Scalar(nonzero: signature.s) else { return false }
        let t = r + s
        guard t.zeroMask == 0 else { return false }
        return material.combination(s, t).hasAbscissa(congruentTo: r - Scalar(reducing: digest))
    }
}

extension Scalar {
    /// Nil unless 1…n - 1.
    fileprivate init?(nonzero value: UInt256) {
        guard value.zeroMask == 0, value.lessMask(Scalar.order) != 0 else { return nil }
        self.init(unchecked: value)
    }
}
