internal import Synchronization

/// A private scalar d in memory that is wiped with its last owner, its public key, and (1 + d)^-1 once a
/// signature has asked for it.
final class PrivateKeyMaterial: Sendable {
    let publicKey: PublicKeyMaterial
    private let secret: Wiped
    private let signingFactor = AtomicLazyReference<Wiped>()

    /// - Parameter scalar: 1…n - 2.
    init(_ scalar: Scalar) {
        secret = Wiped(scalar)
        publicKey = PublicKeyMaterial(BaseTable.shared.multiply(scalar).affine)
    }

    /// - Parameter value: refused with `invalidPrivateKey` unless 1…n - 2.
    convenience init(checking value: UInt256) throws(ShangMiError) {
        guard value.zeroMask | Scalar.highestPrivateKey.lessMask(value) == 0 else { throw .invalidPrivateKey }
        self.init(Scalar(unchecked: value))
    }

    var scalar: Scalar { secret.scalar }

    /// (1 + d)^-1 · 2^256.
    var inverseOfSuccessor: Scalar {
        if let known = signingFactor.load() { return known.scalar }
        return signingFactor.storeIfNil(Wiped((scalar + .one).invertedInMontgomeryForm())).scalar
    }
}

extension Wiped {
    fileprivate convenience init(_ scalar: Scalar) {
        unsafe self.init(byteCount: UInt256.byteCount) { storage in
            unsafe storage.storeBytes(of: scalar.value, as: UInt256.self)
        }
    }

    fileprivate var scalar: Scalar {
        unsafe withUnsafeBytes { unsafe Scalar(unchecked: $0.load(as: UInt256.self)) }
    }
}
