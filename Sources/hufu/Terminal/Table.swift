/// Plain aligned columns. Knows that Chinese characters take two cells of a terminal.
struct Table {
    private var rows: [[String]]

    init(head: [String]? = nil) { rows = head.map { [$0] } ?? [] }

    mutating func add(_ cells: [String]) { rows.append(cells.map { $0.withoutControls }) }

    /// Without a trailing newline.
    var text: String {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.cells)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                // The last column is not padded: no line ends in spaces.
                if column < row.count - 1 {
                    line += String(repeating: " ", count: widths[column] - cell.cells + 2)
                }
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}

extension String {
    /// How many cells of a terminal this takes: two for wide characters, none for combining marks.
    var cells: Int { reduce(0) { $0 + $1.cells } }

    /// Without control characters: what a server answers must not steer the terminal.
    var withoutControls: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    default: scalar
                    }
                }))
    }
}

extension Character {
    /// A cluster is as wide as its first scalar (East Asian Width W and F, and emoji).
    fileprivate var cells: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F,
            0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
