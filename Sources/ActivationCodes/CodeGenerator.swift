/// Makes new activation codes from an ``EntropySource``.
///
/// Each code takes three random words of 64 bits and uses 60, 60 and 10 of them as they are: 32 symbols
/// divide a power of two, so there is no modulo and no bias. Words are drawn a block at a time and zeroed as
/// they are used.
///
/// Not `Sendable`: one generator belongs to one task. Copies share the block, so they never repeat a code.
public struct CodeGenerator {
    private let buffer: EntropyBuffer

    public init(entropy: EntropySource) {
        buffer = EntropyBuffer(source: entropy)
    }

    /// One new code.
    ///
    /// - Throws: what the entropy source throws.
    public mutating func next() throws -> CodeSecret {
        CodeSecret(randomBits: (try buffer.next(), try buffer.next(), try buffer.next()))
    }

    /// `count` new codes, all or none.
    public mutating func next(_ count: Int) throws -> [CodeSecret] {
        var codes: [CodeSecret] = []
        codes.reserveCapacity(count)
        for _ in 0..<count { codes.append(try next()) }
        return codes
    }
}
