/// In which order an object's members are written.
enum MemberOrder: Sendable {
    case codePoint
    /// By UTF-16 code unit (RFC 8785): differs from ``codePoint`` for names beyond the BMP.
    case utf16
    /// As they came.
    case source
    /// Sorted on the outermost level alone.
    case topOnly
    /// A–Z counts as a–z.
    case caselessLower
    /// a–z counts as A–Z, as Java's and C#'s caseless comparisons have it: `_` then stands behind the
    /// letters.
    case caselessUpper
    case descending

    func sorted(_ members: [FormValue.Member], isTop: Bool) -> [FormValue.Member] {
        switch self {
        case .source: members
        case .topOnly: isTop ? Self.codePoint.sorted(members, isTop: true) : members
        case .codePoint: members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        case .descending: members.sorted { $1.name.utf8.lexicographicallyPrecedes($0.name.utf8) }
        case .utf16: members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
        case .caselessLower: Self.caseless(members) { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        case .caselessUpper: Self.caseless(members) { (0x61...0x7a).contains($0) ? $0 & 0xdf : $0 }
        }
    }

    private static func caseless(
        _ members: [FormValue.Member], _ fold: @escaping (UInt8) -> UInt8
    ) -> [FormValue.Member] {
        members.sorted { first, second in
            let (left, right) = (first.name.utf8.map(fold), second.name.utf8.map(fold))
            guard left == right else { return left.lexicographicallyPrecedes(right) }
            return first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
        }
    }
}
