/// What a document may cost before it is refused.
public struct JSONLimits: Sendable, Hashable {
    /// The longest document, in bytes; a longer one is `body_too_large`. Values over 2²⁸ count as 2²⁸.
    public var bytes: Int
    /// How many arrays and objects may enclose one another; more is `too_deep`. Values over 256 count as 256.
    public var depth: Int

    /// 1 MiB and 64 levels.
    public static let standard = JSONLimits()

    /// What a document can be at all: places in it are held in 32 bits, and reading it recurses.
    static let largest = JSONLimits(bytes: 1 << 28, depth: 256)

    public init(bytes: Int = 1 << 20, depth: Int = 64) {
        self.bytes = bytes
        self.depth = depth
    }

    var usableDepth: Int { min(depth, Self.largest.depth) }

    func check(bytes count: Int) throws(SigningRefusal) {
        let limit = min(bytes, Self.largest.bytes)
        if count > limit {
            throw SigningRefusal(.bodyTooLarge, "The parameters take \(count) bytes; \(limit) are allowed.")
        }
    }
}
