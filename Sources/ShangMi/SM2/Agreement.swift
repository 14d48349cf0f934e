public import Crypto

extension SM2.KeyAgreement {
    /// A key that both sides derived, and the hashes by which each shows the other that it did.
    public struct Agreement: Sendable {
        /// For the other side: S_A from the initiator, S_B from the responder, 32 bytes.
        public let confirmation: [UInt8]

        private let expectedConfirmation: SM3Digest
        private let derivedKey: SymmetricKey

        init(
            _ role: Role, _ shared: AffinePoint, _ keyByteCount: Int, identities: [SM3Digest],
            ephemerals: [UInt256]
        ) {
            let (x, y) = (shared.x.value, shared.y.value)
            var inner = SM3()
            inner.update(x)
            for identity in identities { inner.update(identity) }
            for coordinate in ephemerals { inner.update(coordinate) }
            let innerDigest = inner.finalize()
            let responders = Self.confirmation(0x02, y, innerDigest)
            let initiators = Self.confirmation(0x03, y, innerDigest)
            confirmation = Array(role == .initiator ? initiators : responders)
            expectedConfirmation = role == .initiator ? responders : initiators

            var secret = x.bytes
            y.append(to: &secret)
            for identity in identities { secret += identity }
            var key = SM3.deriveKey(from: secret.span, outputByteCount: keyByteCount)
            derivedKey = SymmetricKey(data: key)
            secret.wipe()
            key.wipe()
        }

        /// SM3(marker ‖ y ‖ inner digest).
        private static func confirmation(_ marker: UInt8, _ y: UInt256, _ inner: SM3Digest) -> SM3Digest {
            var hasher = SM3()
            hasher.update([marker].span)
            hasher.update(y)
            hasher.update(inner)
            return hasher.finalize()
        }

        /// The key, once the other side's confirmation shows that they have it too; else
        /// `authenticationFailure`.
        public func key(confirmedBy confirmation: some Sequence<UInt8>) throws(ShangMiError) -> SymmetricKey {
            let confirmation = Array(confirmation)
            // Numbers of 256 bits compare in constant time.
            guard confirmation.count == SM3.byteCount,
                UInt256(bigEndian: confirmation.span) == UInt256(expectedConfirmation)
            else { throw .authenticationFailure }
            return derivedKey
        }

        /// The key without a confirmation, for protocols that confirm by its first use.
        public var unconfirmedKey: SymmetricKey { derivedKey }
    }
}
