import CZlib

/// A ZIP archive with one file in it: all that the platform's statement files are.
///
/// Written archives are the same for the same content: no clock and no machine shows in them.
enum ZIPArchive {
    /// What a foreign archive may cost.
    struct Limits: Sendable {
        var packed = 16 << 20
        var unpacked = 64 << 20
    }

    private static let localMark: UInt32 = 0x0403_4B50
    private static let centralMark: UInt32 = 0x0201_4B50
    private static let endMark: UInt32 = 0x0605_4B50
    private static let endSize = 22
    /// Bit 11: the name is UTF-8.
    private static let wideNames: UInt16 = 1 << 11
    private static let encrypted: UInt16 = 1
    /// 1980-01-01, the first day that ZIP knows.
    private static let date: UInt16 = 0x21

    static func pack(name: String, _ content: [UInt8]) throws(FsiError) -> [UInt8] {
        let packed = try Deflate.compress(content)
        guard content.count < UInt32.max, packed.count < UInt32.max, name.utf8.count < UInt16.max else {
            throw FsiError(.tooLarge, "the file is too large for a ZIP archive")
        }
        var common: [UInt8] = []
        common.append(little: UInt16(20))
        common.append(little: wideNames)
        common.append(little: UInt16(8))
        common.append(little: UInt16(0))
        common.append(little: date)
        common.append(little: Deflate.checksum(content))
        common.append(little: UInt32(packed.count))
        common.append(little: UInt32(content.count))
        common.append(little: UInt16(name.utf8.count))
        common.append(little: UInt16(0))
        var archive: [UInt8] = []
        archive.append(little: localMark)
        archive += common
        archive += name.utf8
        archive += packed
        let directory = archive.count
        archive.append(little: centralMark)
        archive.append(little: UInt16(20))
        archive += common
        // No comment, the first disk, no attributes; the local header stands at the start.
        archive += [UInt8](repeating: 0, count: 14)
        archive += name.utf8
        let directorySize = archive.count - directory
        archive.append(little: endMark)
        archive.append(little: UInt32(0))
        archive.append(little: UInt16(1))
        archive.append(little: UInt16(1))
        archive.append(little: UInt32(directorySize))
        archive.append(little: UInt32(directory))
        archive.append(little: UInt16(0))
        return archive
    }

    /// The content of the archive's only file.
    ///
    /// - Throws: `too_large`; `invalid_file` for what isn't such an archive, is encrypted, or fails its check sum.
    static func unpack(_ archive: [UInt8], limits: Limits = Limits()) throws(FsiError) -> [UInt8] {
        guard archive.count <= limits.packed else {
            throw FsiError(.tooLarge, "the archive has more than \(limits.packed) bytes")
        }
        let entry = try entry(archive)
        guard entry.unpacked <= limits.unpacked else {
            throw FsiError(.tooLarge, "the file has more than \(limits.unpacked) bytes")
        }
        let content: [UInt8]
        switch entry.method {
        case 0: content = Array(archive[entry.bytes])
        case 8: content = try Deflate.expand(archive[entry.bytes], to: entry.unpacked)
        default: throw broken("its method of compression isn't known")
        }
        guard content.count == entry.unpacked, Deflate.checksum(content) == entry.checksum else {
            throw broken("its check sum is wrong")
        }
        return content
    }

    private struct Entry {
        var method: UInt16
        var checksum: UInt32
        var unpacked: Int
        var bytes: Range<Int>
    }

    /// Reads the directory at the archive's end, which alone is sure to hold the sizes.
    private static func entry(_ archive: [UInt8]) throws(FsiError) -> Entry {
        let reader = LittleEndian(bytes: archive)
        guard let end = lastEnd(reader), reader.uint16(end + 8) == 1, reader.uint16(end + 10) == 1,
            let directory = reader.uint32(end + 16).map(Int.init), reader.uint32(directory) == centralMark,
            let flags = reader.uint16(directory + 8), let method = reader.uint16(directory + 10),
            let checksum = reader.uint32(directory + 16),
            let packed = reader.uint32(directory + 20).map(Int.init),
            let unpacked = reader.uint32(directory + 24).map(Int.init),
            let local = reader.uint32(directory + 42).map(Int.init), reader.uint32(local) == localMark,
            let nameSize = reader.uint16(local + 26).map(Int.init),
            let extraSize = reader.uint16(local + 28).map(Int.init)
        else { throw broken("it has no directory with exactly one file") }
        guard flags & encrypted == 0 else { throw broken("it is encrypted") }
        let start = local + 30 + nameSize + extraSize
        guard start + packed <= archive.count else { throw broken("it is cut off") }
        return Entry(method: method, checksum: checksum, unpacked: unpacked, bytes: start..<start + packed)
    }

    private static func lastEnd(_ reader: LittleEndian) -> Int? {
        let last = reader.bytes.count - endSize
        guard last >= 0 else { return nil }
        // A comment of up to 65,535 bytes may follow the record.
        let first = max(0, last - Int(UInt16.max))
        return (first...last).reversed().first { reader.uint32($0) == endMark }
    }

    private static func broken(_ why: String) -> FsiError {
        FsiError(.invalidFile, "the archive can't be read: \(why)")
    }
}
