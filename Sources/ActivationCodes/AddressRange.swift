/// A block of addresses in CIDR notation: `10.0.0.0/8`, `2001:db8::/32`.
///
/// A block is of one family: `::/0` holds every IPv6 address and no IPv4 address. An address alone is the
/// block of that address. IPv4 blocks mapped into IPv6 are the IPv4 blocks.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    let start: IPAddress
    /// How many leading bits are fixed.
    let prefixLength: Int

    /// - Returns: `nil` also where bits behind the prefix are set: `10.1.2.3/8` is a typing error, not a
    ///   block.
    public init?(_ cidr: some StringProtocol) {
        let bytes = Array(cidr.utf8)
        let parts = bytes.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = parts.first, let start = IPAddress(String(decoding: text, as: UTF8.self)) else {
            return nil
        }
        var prefixLength = start.family.width
        if parts.count == 2 {
            let isMapped = start.family == .v4 && text.contains(UInt8(ascii: ":"))
            let offset = isMapped ? 96 : 0
            // A mapped block wider than /96 has bits set behind its prefix, so the lower bound refuses it
            // too.
            guard let length = IPAddress.decimal(parts[1], upTo: start.family.width + offset),
                length >= offset
            else { return nil }
            prefixLength = length - offset
        }
        self.start = start
        self.prefixLength = prefixLength
        guard start.number & ~mask == 0 else { return nil }
    }

    public func contains(_ address: IPAddress) -> Bool {
        address.family == start.family && address.number & mask == start.number
    }

    /// Whether every address of `other` is in this range.
    public func contains(_ other: AddressRange) -> Bool {
        other.prefixLength >= prefixLength && contains(other.start)
    }

    public var description: String { "\(start)/\(prefixLength)" }

    private var mask: UInt128 {
        let all: UInt128 = start.family == .v4 ? 0xFFFF_FFFF : .max
        // A shift by the whole width gives 0 in Swift, so /0 needs no case of its own.
        return all & (all << UInt128(start.family.width - prefixLength))
    }
}
