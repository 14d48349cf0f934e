internal import Synchronization

/// A public point with what is worth keeping of it: shared by all copies of a key.
final class PublicKeyMaterial: Sendable {
    let point: AffinePoint
    /// The coordinates as plain integers.
    let x: UInt256
    let y: UInt256

    private let defaultIdentity = AtomicLazyReference<Identity>()
    private let table = AtomicLazyReference<MultipleTable>()
    private let verificationCount = Atomic<Int>(0)

    init(_ point: AffinePoint) {
        self.point = point
        x = point.x.value
        y = point.y.value
    }

    /// Z of `user` and this key; that of the default user is computed once.
    func identity(of user: SM2.UserID) -> SM3Digest {
        guard user == .default else { return SM3.identity(of: user, x: x, y: y) }
        if let known = defaultIdentity.load() { return known.digest }
        return defaultIdentity.storeIfNil(Identity(digest: SM3.identity(of: user, x: x, y: y))).digest
    }

    /// u·G + v·P in variable time, for verification alone: nothing of it may be secret.
    ///
    /// The second verification under a key makes the key's table, which halves the time of all later ones.
    func combination(_ u: Scalar, _ v: Scalar) -> JacobianPoint {
        if let table = table.load() { return table.multiply(v).addingBaseMultiple(u) }
        if verificationCount.wrappingAdd(1, ordering: .relaxed).newValue > 1 {
            return table.storeIfNil(MultipleTable(point)).multiply(v).addingBaseMultiple(u)
        }
        return NonAdjacentForm(v).multiply(point).addingBaseMultiple(u)
    }

    private final class Identity: Sendable {
        let digest: SM3Digest

        init(digest: SM3Digest) { self.digest = digest }
    }
}
