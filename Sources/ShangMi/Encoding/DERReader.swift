/// Reads DER (ITU-T X.690, clause 10) and nothing looser: every value has one encoding.
struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }
    private init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// The tag of the next element.
    var nextTag: UInt8? { rest.first }

    /// The content of the next element, which must have this tag.
    mutating func content(_ tag: UInt8) throws(ShangMiError) -> ArraySlice<UInt8> {
        guard rest.popFirst() == tag, let first = rest.popFirst() else { throw .invalidKeyEncoding }
        var length = Int(first)
        if first >= 0x80 {
            // The long form, for 128 and up, in as few bytes as will do; 80 would be the indefinite form.
            let byteCount = Int(first & 0x7f)
            guard (1...4).contains(byteCount), rest.count >= byteCount else { throw .invalidKeyEncoding }
            length = rest.prefix(byteCount).reduce(0) { $0 << 8 | Int($1) }
            guard length >= 0x80, length >> (8 * (byteCount - 1)) != 0 else { throw .invalidKeyEncoding }
            rest = rest.dropFirst(byteCount)
        }
        guard rest.count >= length else { throw .invalidKeyEncoding }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    mutating func sequence() throws(ShangMiError) -> DERReader { DERReader(try content(DER.sequence)) }

    /// The elements inside an explicit tag, or inside an octet string.
    mutating func tagged(_ tag: UInt8) throws(ShangMiError) -> DERReader { DERReader(try content(tag)) }

    mutating func octets() throws(ShangMiError) -> ArraySlice<UInt8> { try content(DER.octetString) }

    mutating func objectIdentifier() throws(ShangMiError) -> ArraySlice<UInt8> {
        try content(DER.objectIdentifier)
    }

    /// A bit string of whole bytes.
    mutating func bits() throws(ShangMiError) -> ArraySlice<UInt8> {
        var bits = try content(DER.bitString)
        guard bits.popFirst() == 0 else { throw .invalidKeyEncoding }
        return bits
    }

    mutating func null() throws(ShangMiError) {
        guard try content(DER.null).isEmpty else { throw .invalidKeyEncoding }
    }

    /// A non-negative integer of at most 256 bits, with exactly the zero in front that its sign needs.
    mutating func integer() throws(ShangMiError) -> UInt256 {
        var digits = try content(DER.integer)
        guard let first = digits.first, first < 0x80 else { throw .invalidKeyEncoding }
        if first == 0, digits.count > 1 {
            digits = digits.dropFirst()
            guard let second = digits.first, second >= 0x80 else { throw .invalidKeyEncoding }
        }
        guard digits.count <= UInt256.byteCount else { throw .invalidKeyEncoding }
        let padded = [UInt8](repeating: 0, count: UInt256.byteCount - digits.count) + digits
        return UInt256(bigEndian: padded.span)
    }

    /// An integer of 0…2^31 - 1, such as a version or a count.
    mutating func smallInteger() throws(ShangMiError) -> Int {
        let number = try integer()
        guard number.w1 | number.w2 | number.w3 == 0, number.w0 <= UInt64(Int32.max) else {
            throw .invalidKeyEncoding
        }
        return Int(number.w0)
    }

    /// Refuses bytes left over.
    func finish() throws(ShangMiError) {
        guard rest.isEmpty else { throw .invalidKeyEncoding }
    }
}
