/// The compression function of GB/T 32905-2016, 5.3, on four messages, a lane for each.
struct SM3VectorRounds {
    typealias Vector = BitVector

    private var a, b, c, d, e, f, g, h: Vector
    /// The round's constant, turned left by the number of the round.
    private var t: UInt32 = 0x79cc_4519

    /// - Parameters:
    ///   - blocks: the first message's; the others lie `distance` bytes from one another.
    ///   - words: word i of message j at 8i + j.
    static func absorb(
        _ blocks: UnsafePointer<UInt8>, distance: Int, blockCount: Int,
        into words: UnsafeMutablePointer<UInt32>
    ) {
        unsafe withUnsafeTemporaryAllocation(of: Vector.self, capacity: 68) { schedule in
            guard let w = schedule.baseAddress else { return }
            let start = unsafe UnsafeRawPointer(blocks)
            for block in 0..<blockCount {
                for index in 0..<16 {
                    var word = SIMD4<UInt32>()
                    for message in 0..<4 {
                        let place = unsafe start + message * distance + 64 * block + 4 * index
                        unsafe word[message] = UInt32(bigEndian: place.loadUnaligned(as: UInt32.self))
                    }
                    unsafe w[index] = Vector(repeating: word)
                }
                var rounds = unsafe SM3VectorRounds(words)
                unsafe rounds.run(w)
                unsafe rounds.add(to: words)
            }
        }
    }

    private static func vector(_ words: UnsafeMutablePointer<UInt32>, _ index: Int) -> Vector {
        unsafe Vector(repeating: UnsafeRawPointer(words + 8 * index).loadUnaligned(as: SIMD4<UInt32>.self))
    }

    private init(_ words: UnsafeMutablePointer<UInt32>) {
        unsafe (a, b) = (Self.vector(words, 0), Self.vector(words, 1))
        unsafe (c, d) = (Self.vector(words, 2), Self.vector(words, 3))
        unsafe (e, f) = (Self.vector(words, 4), Self.vector(words, 5))
        unsafe (g, h) = (Self.vector(words, 6), Self.vector(words, 7))
    }

    private func add(to words: UnsafeMutablePointer<UInt32>) {
        for (index, sum) in [a, b, c, d, e, f, g, h].enumerated() {
            for lane in 0..<4 { unsafe words[8 * index + lane] ^= sum.words[lane] }
        }
    }

    @inline(__always)
    private mutating func run(_ w: UnsafeMutablePointer<Vector>) {
        for round in stride(from: 0, to: 16, by: 4) {
            unsafe Self.expand(w + round)
            unsafe fourRounds(w + round, choosing: false)
        }
        t = 0x9d8a_7a87  // 0x7a879d8a turned by 16
        for round in stride(from: 16, to: 52, by: 4) {
            unsafe Self.expand(w + round)
            unsafe fourRounds(w + round, choosing: true)
        }
        for round in stride(from: 52, to: 64, by: 4) {
            unsafe fourRounds(w + round, choosing: true)
        }
    }

    /// Words 16…19 counted from `w`.
    @inline(__always)
    private static func expand(_ w: UnsafeMutablePointer<Vector>) {
        for index in 16..<20 {
            let x = unsafe w[index - 16] ^ w[index - 9] ^ w[index - 3].rotated(15)
            let mixed = x ^ x.rotated(15) ^ x.rotated(23)
            unsafe w[index] = mixed ^ w[index - 13].rotated(7) ^ w[index - 6]
        }
    }

    /// Four rounds, after which every register has its own name again.
    @inline(__always)
    private mutating func fourRounds(_ w: UnsafeMutablePointer<Vector>, choosing: Bool) {
        unsafe Self.round(a, &b, c, &d, e, &f, g, &h, w[0], w[4], t, choosing)
        unsafe Self.round(d, &a, b, &c, h, &e, f, &g, w[1], w[5], t.turned(1), choosing)
        unsafe Self.round(c, &d, a, &b, g, &h, e, &f, w[2], w[6], t.turned(2), choosing)
        unsafe Self.round(b, &c, d, &a, f, &g, h, &e, w[3], w[7], t.turned(3), choosing)
        t = t.turned(4)
    }

    /// As `SM3Rounds.round`.
    @inline(__always)
    private static func round(
        _ a: Vector, _ b: inout Vector, _ c: Vector, _ d: inout Vector,
        _ e: Vector, _ f: inout Vector, _ g: Vector, _ h: inout Vector,
        _ w: Vector, _ w4: Vector, _ t: UInt32, _ choosing: Bool
    ) {
        let turnedA = a.rotated(12)
        let ss1 = (turnedA &+ e &+ Vector(repeating: SIMD4(repeating: t))).rotated(7)
        let ss2 = ss1 ^ turnedA
        let ff = choosing ? (a & b) | ((a | b) & c) : a ^ b ^ c
        let gg = choosing ? ((f ^ g) & e) ^ g : e ^ f ^ g
        d = ff &+ d &+ ss2 &+ (w ^ w4)
        let tt2 = gg &+ h &+ ss1 &+ w
        h = tt2 ^ tt2.rotated(9) ^ tt2.rotated(17)
        b = b.rotated(9)
        f = f.rotated(19)
    }
}
