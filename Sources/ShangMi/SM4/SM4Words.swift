/// The round function on one block at a time, in constant time: for the key schedule, for CBC encryption and
/// for messages too short to fill a batch.
enum SM4Words {
    /// What leaving out `SM4SBox.flipOut` changes in a word behind the linear transformation.
    static let leftOut = linear(UInt32(SM4SBox.flipOut) &* 0x0101_0101)
    static let flipIn = UInt32(SM4SBox.flipIn) &* 0x0101_0101

    /// The four S-boxes without their flips (the nonlinear transformation τ of GB/T 32907-2016, 6.2).
    ///
    /// Every plane is the word shifted: the bits between the ones that count carry rubbish through the
    /// circuit and are masked at its end.
    @inline(__always)
    static func substituted(_ x: UInt32) -> UInt32 {
        let out = SM4SBox.circuit(
            BitPlanes(
                b0: x, b1: x &>> 1, b2: x &>> 2, b3: x &>> 3, b4: x &>> 4, b5: x &>> 5, b6: x &>> 6,
                b7: x &>> 7))
        let ones: UInt32 = 0x0101_0101
        let low = out.b0 & ones | (out.b1 & ones) &<< 1 | (out.b2 & ones) &<< 2 | (out.b3 & ones) &<< 3
        let high = out.b4 & ones | (out.b5 & ones) &<< 1 | (out.b6 & ones) &<< 2 | (out.b7 & ones) &<< 3
        return low | high &<< 4
    }

    /// The linear transformation L.
    @inline(__always)
    static func linear(_ x: UInt32) -> UInt32 {
        x ^ x.turned(24) ^ (x ^ x.turned(8) ^ x.turned(16)).turned(2)
    }

    /// One block as it lies in memory.
    ///
    /// - Parameter keys: 32 round keys with the flips folded in.
    static func crypt(
        _ block: SIMD4<UInt32>, keys: UnsafePointer<UInt32>, decrypting: Bool
    ) -> SIMD4<UInt32> {
        var x = SIMD4(block[0].bigEndian, block[1].bigEndian, block[2].bigEndian, block[3].bigEndian)
        for group in 0..<8 {
            let first = decrypting ? 31 - 4 * group : 4 * group
            let step = decrypting ? -1 : 1
            let key = unsafe keys + first
            x = unsafe fourRounds(x, key[0], key[step], key[2 * step], key[3 * step])
        }
        return SIMD4(x[3].bigEndian, x[2].bigEndian, x[1].bigEndian, x[0].bigEndian)
    }

    /// Four rounds, with keys that have the flips folded in.
    @inline(never)
    static func fourRounds(
        _ x: SIMD4<UInt32>, _ k0: UInt32, _ k1: UInt32, _ k2: UInt32, _ k3: UInt32
    ) -> SIMD4<UInt32> {
        var (x0, x1, x2, x3) = (x[0], x[1], x[2], x[3])
        x0 ^= linear(substituted(x1 ^ x2 ^ x3 ^ k0))
        x1 ^= linear(substituted(x2 ^ x3 ^ x0 ^ k1))
        x2 ^= linear(substituted(x3 ^ x0 ^ x1 ^ k2))
        x3 ^= linear(substituted(x0 ^ x1 ^ x2 ^ k3))
        return SIMD4(x0, x1, x2, x3)
    }

    /// Four rounds of the key expansion (GB/T 32907-2016, 7.3), whose linear transformation is another.
    @inline(never)
    static func expandFour(_ k: SIMD4<UInt32>, _ constants: SIMD4<UInt32>) -> SIMD4<UInt32> {
        @inline(__always)
        func mixed(_ x: UInt32) -> UInt32 {
            let s = substituted(x ^ flipIn) ^ UInt32(SM4SBox.flipOut) &* 0x0101_0101
            return s ^ s.turned(13) ^ s.turned(23)
        }
        var (k0, k1, k2, k3) = (k[0], k[1], k[2], k[3])
        k0 ^= mixed(k1 ^ k2 ^ k3 ^ constants[0])
        k1 ^= mixed(k2 ^ k3 ^ k0 ^ constants[1])
        k2 ^= mixed(k3 ^ k0 ^ k1 ^ constants[2])
        k3 ^= mixed(k0 ^ k1 ^ k2 ^ constants[3])
        return SIMD4(k0, k1, k2, k3)
    }
}
