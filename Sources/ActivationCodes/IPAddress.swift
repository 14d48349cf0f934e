/// An IP address, version 4 or 6.
///
/// Reads dotted decimals without leading zeros, and every form of RFC 4291 §2.2 without a zone; writes RFC
/// 5952. An IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address: a dual-stack socket must
/// not get a caller around an IPv4 rule.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    enum Family: Sendable, Hashable {
        case v4, v6

        /// The address length in bits.
        var width: Int { self == .v4 ? 32 : 128 }
    }

    let family: Family
    /// The address as a number; an IPv4 address in the lowest 32 bits.
    let number: UInt128

    init(family: Family, number: UInt128) {
        // ::ffff:0:0/96
        let isMapped = family == .v6 && number >> 32 == 0xFFFF
        self.family = isMapped ? .v4 : family
        self.number = isMapped ? number & 0xFFFF_FFFF : number
    }

    /// - Returns: `nil` unless the text is one address and nothing else.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        // The longest form has 45 characters; longer texts needn't be looked at.
        guard bytes.count <= 45 else { return nil }
        if bytes.contains(UInt8(ascii: ":")) {
            guard let number = Self.version6(bytes) else { return nil }
            self.init(family: .v6, number: number)
        } else {
            guard let number = Self.version4(bytes[...]) else { return nil }
            self.init(family: .v4, number: UInt128(number))
        }
    }

    public var description: String {
        switch family {
        case .v4: Self.dotted(UInt32(truncatingIfNeeded: number))
        case .v6: Self.compressed((0..<8).map { UInt16(truncatingIfNeeded: number >> (112 - 16 * $0)) })
        }
    }
}

extension IPAddress {
    /// Every request of the server is logged and limited by this text.
    private static func dotted(_ number: UInt32) -> String {
        String(unsafeUninitializedCapacity: 15) { text in
            var count = 0
            func append(_ byte: UInt32) {
                text[count] = UInt8(truncatingIfNeeded: byte)
                count += 1
            }
            let zero = UInt32(UInt8(ascii: "0"))
            for shift in stride(from: 24 as UInt32, through: 0, by: -8) {
                let octet = number >> shift & 0xFF
                if octet >= 100 { append(zero + octet / 100) }
                if octet >= 10 { append(zero + octet / 10 % 10) }
                append(zero + octet % 10)
                if shift > 0 { append(UInt32(UInt8(ascii: "."))) }
            }
            return count
        }
    }

    private static func version4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let octet = decimal(part, upTo: 255) else { return nil }
            number = number << 8 | UInt32(octet)
        }
        return number
    }

    private static func version6(_ bytes: [UInt8]) -> UInt128? {
        var groups: [UInt16] = []
        /// How many groups stand before `::`.
        var gap: Int?
        var rest = bytes[...]
        if rest.starts(with: [0x3A, 0x3A]) {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let part = rest.prefix { $0 != UInt8(ascii: ":") }
            rest = rest.dropFirst(part.count)
            if rest.isEmpty, part.contains(UInt8(ascii: ".")) {
                guard let number = version4(part) else { return nil }
                groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
                break
            }
            guard let group = hexadecimal(part) else { return nil }
            groups.append(group)
            if rest.isEmpty { break }
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            } else if rest.isEmpty {
                return nil
            }
        }
        // `::` stands for at least one group of zeros.
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap ?? 0)
        return groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// RFC 5952 §4: the first of the longest runs of two or more zero groups becomes `::`.
    private static func compressed(_ groups: [UInt16]) -> String {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = end + 1
        }
        let text = { (part: ArraySlice<UInt16>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !longest.isEmpty else { return text(groups[...]) }
        return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
    }

    /// A decimal number of 1…3 digits without leading zeros (which some systems read as octal).
    static func decimal(_ digits: ArraySlice<UInt8>, upTo limit: Int) -> Int? {
        guard 1...3 ~= digits.count, digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            return nil
        }
        var number = 0
        for digit in digits {
            guard 0x30...0x39 ~= digit else { return nil }
            number = number * 10 + Int(digit - 0x30)
        }
        return number <= limit ? number : nil
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard 1...4 ~= digits.count else { return nil }
        var number: UInt16 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: number = number << 4 | UInt16(digit - 0x30)
            case 0x41...0x46, 0x61...0x66: number = number << 4 | UInt16((digit | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        return number
    }
}
