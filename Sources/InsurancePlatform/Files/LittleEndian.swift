/// Numbers at places of a byte string, least significant byte first; nil beyond its end.
struct LittleEndian {
    let bytes: [UInt8]

    func uint16(_ place: Int) -> UInt16? {
        guard place >= 0, place + 2 <= bytes.count else { return nil }
        return UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
    }

    func uint32(_ place: Int) -> UInt32? {
        guard let low = uint16(place), let high = uint16(place + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }
}

extension [UInt8] {
    mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
