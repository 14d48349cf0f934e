import AuditLog

extension Table {
    /// One thing: a line a field that it has.
    static func printRecord(_ json: JSON, _ columns: [Column]) {
        var table = Table()
        for column in columns {
            let text = column.text(in: json)
            if !text.isEmpty { table.add([column.title, text]) }
        }
        print(table.text)
    }
}
