/// Where tiles and bundles stand, below a log's prefix (C2SP tlog-tiles).
public enum TilePath {
    /// Hashes in a full tile, entries in a full bundle.
    public static let fullWidth = 256

    /// `tile/0/x001/x234/067`, or `tile/0/x001/x234/067.p/12` for a width below 256.
    public static func hashTile(level: Int, index: Int, width: Int = fullWidth) -> String {
        precondition(0...63 ~= level, "levels are 0 to 63")
        return "tile/\(level)/" + suffix(index: index, width: width)
    }

    /// `tile/entries/x001/x234/067`, or `tile/entries/x001/x234/067.p/12` for a width below 256.
    public static func bundle(index: Int, width: Int = fullWidth) -> String {
        "tile/entries/" + suffix(index: index, width: width)
    }

    /// Reads a path back. Nil for every path that the two functions above would not write.
    public static func parse(_ path: String) -> ParsedTile? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        guard parts.count >= 3, parts[0] == "tile" else { return nil }
        let level: Int?
        if parts[1] == "entries" {
            level = nil
        } else {
            guard let number = decimal(parts[1]), number <= 63 else { return nil }
            level = number
        }
        var groups = Array(parts[2...])
        var width = fullWidth
        if groups.count >= 2, groups[groups.count - 2].hasSuffix(".p") {
            guard let number = decimal(groups.removeLast()), 1...255 ~= number else { return nil }
            width = number
            groups[groups.count - 1].removeLast(2)
        }
        guard let index = index(of: groups) else { return nil }
        let parsed = ParsedTile(level: level, index: index, width: width)
        // Compared byte by byte: strings that merely look alike are equal to Swift.
        return parsed.path.utf8.elementsEqual(path.utf8) ? parsed : nil
    }

    private static func suffix(index: Int, width: Int) -> String {
        precondition(index >= 0 && 1...fullWidth ~= width, "no such tile")
        var path = group(index % 1000)
        var rest = index / 1000
        while rest > 0 {
            path = "x" + group(rest % 1000) + "/" + path
            rest /= 1000
        }
        return width == fullWidth ? path : path + ".p/\(width)"
    }

    private static func group(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.utf8.count) + digits
    }

    private static func index(of groups: [Substring]) -> Int? {
        var index = 0
        for (position, group) in groups.enumerated() {
            var digits = group
            if position < groups.count - 1 {
                guard digits.first == "x" else { return nil }
                digits.removeFirst()
            }
            guard digits.utf8.count == 3, let number = plainNumber(digits) else { return nil }
            let (shifted, overflow) = index.multipliedReportingOverflow(by: 1000)
            let (sum, carried) = shifted.addingReportingOverflow(number)
            guard !overflow, !carried else { return nil }
            index = sum
        }
        return index
    }

    /// Digits only, no leading zero.
    private static func decimal(_ text: Substring) -> Int? {
        guard text == "0" || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return plainNumber(text)
    }

    /// Digits only: `Int` itself would take a sign.
    private static func plainNumber(_ text: Substring) -> Int? {
        guard (1...18).contains(text.utf8.count) else { return nil }
        guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int(text)
    }
}

/// What a tile's path says.
public struct ParsedTile: Sendable, Hashable {
    /// 0 to 63, or nil for an entry bundle.
    public var level: Int?
    public var index: Int
    /// 1 to 255 of a partial tile, 256 of a full one.
    public var width: Int

    public init(level: Int?, index: Int, width: Int) {
        self.level = level
        self.index = index
        self.width = width
    }

    public var isBundle: Bool { level == nil }
    public var isPartial: Bool { width < TilePath.fullWidth }

    public var path: String {
        if let level {
            TilePath.hashTile(level: level, index: index, width: width)
        } else {
            TilePath.bundle(index: index, width: width)
        }
    }
}
