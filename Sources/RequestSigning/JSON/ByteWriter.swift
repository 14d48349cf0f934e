/// Output that grows: every append first makes room, then writes without further checks.
struct ByteWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit {
        start.deallocate()
    }

    var bytes: [UInt8] {
        [UInt8](UnsafeBufferPointer(start: start, count: count))
    }

    /// Where at least `room` bytes may be written; ``advance(by:)`` says how many were.
    @inline(__always)
    mutating func space(_ room: Int) -> UnsafeMutablePointer<UInt8> {
        if capacity - count < room { grow(by: room) }
        return start + count
    }

    @inline(__always)
    mutating func advance(by written: Int) {
        count += written
        assert(count <= capacity)
    }

    @inline(never)
    private mutating func grow(by room: Int) {
        let larger = max(count + room, 2 * capacity)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        moved.update(from: start, count: count)
        start.deallocate()
        start = moved
        capacity = larger
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        space(1)[0] = byte
        advance(by: 1)
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        space(bytes.count).update(from: source, count: bytes.count)
        advance(by: bytes.count)
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `\b`, `\f`, `\n`, `\r`, `\t`, `\"` or `\\` where there is such an escape, and `\u` with four
    /// lower-case digits otherwise.
    mutating func appendEscape(_ unit: UInt32) {
        let place = space(6)
        place[0] = UInt8(ascii: "\\")
        let short: UInt8
        switch unit {
        case 0x08: short = UInt8(ascii: "b")
        case 0x09: short = UInt8(ascii: "t")
        case 0x0A: short = UInt8(ascii: "n")
        case 0x0C: short = UInt8(ascii: "f")
        case 0x0D: short = UInt8(ascii: "r")
        case 0x22: short = UInt8(ascii: "\"")
        case 0x5C: short = UInt8(ascii: "\\")
        default:
            place[1] = UInt8(ascii: "u")
            place[2] = HexDigit.symbol(unit >> 12)
            place[3] = HexDigit.symbol(unit >> 8)
            place[4] = HexDigit.symbol(unit >> 4)
            place[5] = HexDigit.symbol(unit)
            return advance(by: 6)
        }
        place[1] = short
        advance(by: 2)
    }
}
