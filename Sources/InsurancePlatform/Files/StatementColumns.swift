/// The columns of one line, `null` read as the empty text.
struct StatementColumns {
    private let columns: [String]
    private let row: Int

    init(_ line: Substring, count: Int, row: Int) throws(FsiError) {
        let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
        // Some sites leave empty columns at the end away, others write more than they promise.
        guard parts.count >= count - 1 else {
            throw FsiError(.invalidFile, field: "row \(row)", "\(count) columns are due, not \(parts.count)")
        }
        var columns = parts.prefix(count).map { $0 == "null" ? "" : String($0) }
        while columns.count < count { columns.append("") }
        self.columns = columns
        self.row = row
    }

    subscript(index: Int) -> String { columns[index] }

    /// Zero where the column is empty.
    func amount(_ index: Int, _ name: String) throws(FsiError) -> ExactDecimal {
        if columns[index].isEmpty { return .zero }
        guard let amount = ExactDecimal(columns[index]) else {
            throw FsiError(.malformedNumber, field: "row \(row), \(name)", "an amount is due")
        }
        return amount
    }
}
