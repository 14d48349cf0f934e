extension SM2.KeyAgreement {
    /// Which side of an exchange one is: the initiator's identity and points go first into every hash.
    public enum Role: Sendable {
        case initiator
        case responder
    }

    /// One run of the key agreement of GB/T 32918.3, 6.1, used once.
    ///
    /// ```swift
    /// // Each side:
    /// let exchange = SM2.KeyAgreement.Exchange(as: .initiator, key: mine, with: theirs)
    /// send(exchange.ephemeralPublicKey)
    /// let agreement = try exchange.agreement(on: receivedEphemeralKey, keyByteCount: 16)
    /// send(agreement.confirmation)
    /// let key = try agreement.key(confirmedBy: receivedConfirmation)
    /// ```
    public struct Exchange: ~Copyable, Sendable {
        private let role: Role
        private let key: PrivateKey
        private let identity: SM3Digest
        private let peer: PublicKey
        private let peerIdentity: SM3Digest
        private let ephemeral: PrivateKey

        /// - Parameters:
        ///   - role: one side must be the initiator, the other the responder.
        ///   - key: one's own long-lived key.
        ///   - userID: who one is.
        ///   - peer: the other side's long-lived key, already known to be theirs.
        ///   - peerUserID: who they are.
        ///   - ephemeral: a key made for this exchange alone.
        public init(
            as role: Role, key: PrivateKey, userID: SM2.UserID = .default, with peer: PublicKey,
            peerUserID: SM2.UserID = .default, ephemeral: PrivateKey = PrivateKey()
        ) {
            self.role = role
            self.key = key
            self.peer = peer
            self.ephemeral = ephemeral
            identity = key.publicKey.material.identity(of: userID)
            peerIdentity = peer.material.identity(of: peerUserID)
        }

        /// For the other side.
        public var ephemeralPublicKey: PublicKey { ephemeral.publicKey }

        /// - Parameters:
        ///   - peerEphemeral: the other side's ephemeral public key.
        ///   - keyByteCount: 0 and up; both sides must ask for the same.
        /// - Throws: `invalidPoint` where the shared point is infinity, which only a hostile peer brings about.
        public consuming func agreement(
            on peerEphemeral: PublicKey, keyByteCount: Int
        ) throws(ShangMiError) -> Agreement {
            let shared = try sharedPoint(peerEphemeral.material)
            let isInitiator = role == .initiator
            let own = ephemeral.publicKey.material
            let first = isInitiator ? own : peerEphemeral.material
            let second = isInitiator ? peerEphemeral.material : own
            return Agreement(
                role, shared, keyByteCount,
                identities: isInitiator ? [identity, peerIdentity] : [peerIdentity, identity],
                ephemerals: [first.x, first.y, second.x, second.y])
        }

        /// t·(P + x̄·R), where t = d + x̄·r with one's own d and r. P, R and both x̄ are public, t is not.
        private func sharedPoint(_ peerEphemeral: PublicKeyMaterial) throws(ShangMiError) -> AffinePoint {
            let own = ephemeral.material
            let t = key.material.scalar + own.scalar * own.publicKey.exchangeFactor
            let sum = NonAdjacentForm(peerEphemeral.exchangeFactor).multiply(peerEphemeral.point)
                .addingPublic(peer.material.point)
            guard sum.infinityMask == 0 else { throw .invalidPoint }
            let shared = JacobianPoint.multiply(sum.affine, by: t)
            guard shared.infinityMask == 0 else { throw .invalidPoint }
            return shared.affine
        }
    }
}

extension PublicKeyMaterial {
    /// x̄: 2^127 and the lowest 127 bits of the x coordinate (GB/T 32918.3, 6.1, step A4).
    fileprivate var exchangeFactor: Scalar {
        Scalar(unchecked: UInt256(x.w0, x.w1 | 1 << 63, 0, 0))
    }
}
