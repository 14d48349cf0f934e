/// The files of daily reconciliation (docs/formats/statement-file.md): a ZIP archive with one UTF-8 text, a row a
/// line, columns separated by TAB, `null` for an empty one.
public enum StatementFile {
    /// The name of the text inside the archive.
    public static let entryName = "statement.txt"

    /// - Throws: `invalid_file` when a value holds a line's end or a TAB, or is `null`.
    public static func zip(rows: [StatementRow]) throws(FsiError) -> [UInt8] { try zip(lines: rows) }

    /// - Throws: `too_large`, `invalid_file`, or `malformed_number` with the row and the column.
    public static func rows(fromZip archive: [UInt8]) throws(FsiError) -> [StatementRow] {
        try lines(archive)
    }

    /// - Throws: `invalid_file` when a value holds a line's end or a TAB, or is `null`.
    public static func zip(differences: [StatementDifference]) throws(FsiError) -> [UInt8] {
        try zip(lines: differences)
    }

    /// - Throws: `too_large`, `invalid_file`.
    public static func differences(fromZip archive: [UInt8]) throws(FsiError) -> [StatementDifference] {
        try lines(archive)
    }

    private static func zip(lines: [some StatementLine]) throws(FsiError) -> [UInt8] {
        var text: [UInt8] = []
        for line in lines {
            for (index, column) in line.columns.enumerated() {
                guard column != "null", !column.utf8.contains(where: { $0 < 0x20 }) else {
                    throw FsiError(.invalidFile, "a value holds a TAB or the end of a line, or is null")
                }
                if index > 0 { text.append(UInt8(ascii: "\t")) }
                text += column.isEmpty ? Array("null".utf8) : Array(column.utf8)
            }
            text.append(UInt8(ascii: "\n"))
        }
        return try ZIPArchive.pack(name: entryName, text)
    }

    private static func lines<Line: StatementLine>(_ archive: [UInt8]) throws(FsiError) -> [Line] {
        let content = try ZIPArchive.unpack(archive)
        guard let text = String(validating: content, as: UTF8.self) else {
            throw FsiError(.invalidFile, "the text isn't UTF-8")
        }
        var lines: [Line] = []
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n")).enumerated() {
            let bare = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if bare.isEmpty { continue }
            lines.append(
                try Line(try StatementColumns(Substring(bare), count: Line.columnCount, row: index + 1)))
        }
        return lines
    }
}

/// A value that is one line of a statement file.
protocol StatementLine {
    static var columnCount: Int { get }
    var columns: [String] { get }
    init(_ columns: StatementColumns) throws(FsiError)
}
