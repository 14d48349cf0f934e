extension SM3 {
    /// A hash that has taken in Z: SM3 of the user, the curve and the public key (GB/T 32918.2, 5.5), 32 bytes.
    ///
    /// Coordinates always take 32 bytes, however many zeros they begin with.
    static func identity(of user: SM2.UserID, x: UInt256, y: UInt256) -> SM3Digest {
        var hasher = SM3()
        let bitCount = user.bytes.count * 8
        hasher.update([UInt8(bitCount >> 8), UInt8(bitCount & 0xff)].span)
        hasher.update(user.bytes.span)
        for number in curveParameters { hasher.update(number) }
        hasher.update(x)
        hasher.update(y)
        return hasher.finalize()
    }

    /// a, b and the base point's coordinates (GB/T 32918.5, clause 2).
    private static let curveParameters = [
        UInt256(0xffff_ffff_ffff_fffc, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_fffe_ffff_ffff),
        UInt256(0xddbc_bd41_4d94_0e93, 0xf397_89f5_15ab_8f92, 0x4d5a_9e4b_cf65_09a7, 0x28e9_fa9e_9d9f_5e34),
        AffinePoint.base.x.value, AffinePoint.base.y.value,
    ]

    /// Takes in the 32 bytes of a number, the most significant first.
    mutating func update(_ number: UInt256) {
        var hasher = self
        number.withBigEndianBytes { hasher.update($0) }
        self = hasher
    }

    mutating func update(_ digest: SM3Digest) {
        unsafe digest.withUnsafeBytes { unsafe update(bufferPointer: $0) }
    }

    /// Takes in any bytes, without a copy where they lie side by side.
    mutating func update(contentsOf bytes: some Sequence<UInt8>) {
        var hasher = self
        let isDone: Void? = bytes.withContiguousStorageIfAvailable {
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isDone == nil { hasher.update(Array(bytes).span) }
        self = hasher
    }
}
