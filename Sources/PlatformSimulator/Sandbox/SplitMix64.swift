/// A small generator whose sequence a seed repeats, for made-up data and for faults; of no use for secrets.
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A sequence of its own for each purpose, so that adding a draw to one leaves the others as they were.
    init(seed: UInt64, purpose: String) {
        var mixed = SplitMix64(seed: seed)
        var state = mixed.next()
        for byte in purpose.utf8 {
            var step = SplitMix64(seed: state ^ UInt64(byte))
            state = step.next()
        }
        self.init(seed: state)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Evenly from 0 up to 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(bound, 1))) }
}
