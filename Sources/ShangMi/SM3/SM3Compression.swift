/// The compression function of GB/T 32905-2016, 5.3, on one stream of blocks.
enum SM3Compression {
    /// - Parameter blocks: whole blocks, 64 bytes each.
    @inline(never)
    static func absorb(_ blocks: UnsafeRawBufferPointer, into words: inout SIMD8<UInt32>) {
        guard let start = blocks.baseAddress else { return }
        var chain = SM3Rounds(words)
        for offset in stride(from: 0, to: blocks.count, by: 64) {
            var rounds = chain
            unsafe rounds.load(start + offset)
            rounds.run()
            chain.add(rounds)
        }
        words = chain.words
    }
}

/// The eight registers while they go through the 64 rounds, and the latest 16 words of the expanded block.
///
/// All of it stays in registers or at fixed places of the stack. What limits the speed is that every round
/// waits for the one before; so whatever doesn't depend on the last round's results is summed up first.
private struct SM3Rounds {
    private var a, b, c, d, e, f, g, h: UInt32
    private var (w0, w1, w2, w3): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var (w4, w5, w6, w7): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var (w8, w9, w10, w11): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    private var (w12, w13, w14, w15): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

    @inline(__always)
    init(_ words: SIMD8<UInt32>) {
        (a, b, c, d) = (words[0], words[1], words[2], words[3])
        (e, f, g, h) = (words[4], words[5], words[6], words[7])
    }

    @inline(__always)
    mutating func load(_ block: UnsafeRawPointer) {
        @inline(__always)
        func word(_ index: Int) -> UInt32 {
            unsafe UInt32(bigEndian: block.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
        }
        (w0, w1, w2, w3) = (word(0), word(1), word(2), word(3))
        (w4, w5, w6, w7) = (word(4), word(5), word(6), word(7))
        (w8, w9, w10, w11) = (word(8), word(9), word(10), word(11))
        (w12, w13, w14, w15) = (word(12), word(13), word(14), word(15))
    }

    @inline(__always)
    var words: SIMD8<UInt32> { SIMD8(a, b, c, d, e, f, g, h) }

    /// The registers' sum with others without carries, which ends a block.
    @inline(__always)
    mutating func add(_ other: Self) {
        (a, b, c, d) = (a ^ other.a, b ^ other.b, c ^ other.c, d ^ other.d)
        (e, f, g, h) = (e ^ other.e, f ^ other.f, g ^ other.g, h ^ other.h)
    }

    @inline(__always)
    mutating func run() {
        sixteenRounds(0x79cc_4519, late: false)
        // 0x7a879d8a turned left by 16 in round 16, and by the number of the round modulo 32 in all.
        sixteenRounds(0x9d8a_7a87, late: true)
        sixteenRounds(0x7a87_9d8a, late: true)
        sixteenRounds(0x9d8a_7a87, late: true)
    }

    /// - Parameters:
    ///   - t: the constant of the first of these rounds.
    ///   - late: rounds 16 and up, which take other Boolean functions and words that are expanded.
    @inline(__always)
    private mutating func sixteenRounds(_ t: UInt32, late: Bool) {
        if late { w4 = Self.expanded(w4, w11, w1, w7, w14) }
        Self.round(a, &b, c, &d, e, &f, g, &h, w0, w4, t, late)
        if late { w5 = Self.expanded(w5, w12, w2, w8, w15) }
        Self.round(d, &a, b, &c, h, &e, f, &g, w1, w5, t.turned(1), late)
        if late { w6 = Self.expanded(w6, w13, w3, w9, w0) }
        Self.round(c, &d, a, &b, g, &h, e, &f, w2, w6, t.turned(2), late)
        if late { w7 = Self.expanded(w7, w14, w4, w10, w1) }
        Self.round(b, &c, d, &a, f, &g, h, &e, w3, w7, t.turned(3), late)
        if late { w8 = Self.expanded(w8, w15, w5, w11, w2) }
        Self.round(a, &b, c, &d, e, &f, g, &h, w4, w8, t.turned(4), late)
        if late { w9 = Self.expanded(w9, w0, w6, w12, w3) }
        Self.round(d, &a, b, &c, h, &e, f, &g, w5, w9, t.turned(5), late)
        if late { w10 = Self.expanded(w10, w1, w7, w13, w4) }
        Self.round(c, &d, a, &b, g, &h, e, &f, w6, w10, t.turned(6), late)
        if late { w11 = Self.expanded(w11, w2, w8, w14, w5) }
        Self.round(b, &c, d, &a, f, &g, h, &e, w7, w11, t.turned(7), late)
        if late { w12 = Self.expanded(w12, w3, w9, w15, w6) }
        Self.round(a, &b, c, &d, e, &f, g, &h, w8, w12, t.turned(8), late)
        if late { w13 = Self.expanded(w13, w4, w10, w0, w7) }
        Self.round(d, &a, b, &c, h, &e, f, &g, w9, w13, t.turned(9), late)
        if late { w14 = Self.expanded(w14, w5, w11, w1, w8) }
        Self.round(c, &d, a, &b, g, &h, e, &f, w10, w14, t.turned(10), late)
        if late { w15 = Self.expanded(w15, w6, w12, w2, w9) }
        Self.round(b, &c, d, &a, f, &g, h, &e, w11, w15, t.turned(11), late)
        w0 = Self.expanded(w0, w7, w13, w3, w10)
        Self.round(a, &b, c, &d, e, &f, g, &h, w12, w0, t.turned(12), late)
        w1 = Self.expanded(w1, w8, w14, w4, w11)
        Self.round(d, &a, b, &c, h, &e, f, &g, w13, w1, t.turned(13), late)
        w2 = Self.expanded(w2, w9, w15, w5, w12)
        Self.round(c, &d, a, &b, g, &h, e, &f, w14, w2, t.turned(14), late)
        w3 = Self.expanded(w3, w10, w0, w6, w13)
        Self.round(b, &c, d, &a, f, &g, h, &e, w15, w3, t.turned(15), late)
    }

    /// A new word in the place of the one 16 before, from those 16, 9, 3, 13 and 6 before.
    @inline(__always)
    private static func expanded(
        _ w16: UInt32, _ w9: UInt32, _ w3: UInt32, _ w13: UInt32, _ w6: UInt32
    ) -> UInt32 {
        let x = w16 ^ w9 ^ w3.turned(15)
        return x ^ x.turned(15) ^ x.turned(23) ^ w13.turned(7) ^ w6
    }

    /// One round without moving registers: the new A lands in `d`, the new E in `h`.
    @inline(__always)
    private static func round(
        _ a: UInt32, _ b: inout UInt32, _ c: UInt32, _ d: inout UInt32,
        _ e: UInt32, _ f: inout UInt32, _ g: UInt32, _ h: inout UInt32,
        _ w: UInt32, _ w4: UInt32, _ t: UInt32, _ late: Bool
    ) {
        let turnedA = a.turned(12)
        let ff = late ? (a & b) | ((a | b) & c) : a ^ b ^ c
        let forA = ff &+ (d &+ (w ^ w4))
        let gg = late ? ((f ^ g) & e) ^ g : e ^ (f ^ g)
        let forE = gg &+ (h &+ w)
        let ss1 = (turnedA &+ t &+ e).turned(7)
        d = forA &+ (ss1 ^ turnedA)
        let tt2 = forE &+ ss1
        h = tt2 ^ (tt2.turned(9) ^ tt2.turned(17))
        b = b.turned(9)
        f = f.turned(19)
    }
}

extension UInt32 {
    /// Rotated to the left by 1…31 bits.
    @inline(__always)
    func turned(_ count: UInt32) -> UInt32 { self &<< count | self &>> (32 &- count) }
}
