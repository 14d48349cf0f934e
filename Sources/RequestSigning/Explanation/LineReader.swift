/// Lines of bytes that end in LF or CR LF; what follows the last one read stays as it is.
struct LineReader {
    private(set) var rest: ArraySlice<UInt8>
    /// How many lines were read.
    private(set) var number = 0

    init(_ bytes: [UInt8]) { rest = bytes[...] }
    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next line without its end; nil once nothing is left.
    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        number += 1
        let end = rest.firstIndex(of: 0x0a) ?? rest.endIndex
        let line = rest[..<end]
        rest = rest[end...].dropFirst()
        return line.last == 0x0d ? line.dropLast() : line
    }
}
