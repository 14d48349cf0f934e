/// Entries one after another, each behind its length in two bytes, big endian (C2SP tlog-tiles).
public struct EntryBundle {
    /// Traps on an entry longer than 65,535 bytes.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.reduce(0) { $0 + $1.count + 2 })
        for entry in entries { append(entry, to: &bytes) }
        return bytes
    }

    /// Throws ``EntryBundleError`` when the bytes end within an entry, or hold more than 256.
    public static func decode(_ bytes: [UInt8]) throws(EntryBundleError) -> [[UInt8]] {
        let (entries, error) = decodePrefix(bytes)
        if let error { throw error }
        return entries
    }

    static func append(_ entry: [UInt8], to bytes: inout [UInt8]) {
        precondition(entry.count <= AuditEntry.maximumSize, "an entry is at most 65,535 bytes")
        bytes.append(UInt8(entry.count >> 8))
        bytes.append(UInt8(entry.count & 255))
        bytes.append(contentsOf: entry)
    }

    /// The entries that stand whole before the first error, and that error.
    static func decodePrefix(_ bytes: [UInt8]) -> (entries: [[UInt8]], error: EntryBundleError?) {
        var entries: [[UInt8]] = []
        var offset = 0
        while offset < bytes.count {
            guard entries.count < TilePath.fullWidth else { return (entries, .tooManyEntries) }
            guard offset + 2 <= bytes.count else { return (entries, .truncated(offset: offset)) }
            let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            guard offset + 2 + length <= bytes.count else { return (entries, .truncated(offset: offset)) }
            entries.append(Array(bytes[(offset + 2)..<(offset + 2 + length)]))
            offset += 2 + length
        }
        return (entries, nil)
    }
}

/// Why bytes are not an entry bundle.
public enum EntryBundleError: Error, Equatable, CustomStringConvertible {
    /// The bytes end within the entry that starts at this offset.
    case truncated(offset: Int)
    /// More entries than a full bundle has.
    case tooManyEntries

    public var description: String {
        switch self {
        case .truncated(let offset): "it ends within the entry at byte \(offset)"
        case .tooManyEntries: "it holds more than 256 entries"
        }
    }
}
