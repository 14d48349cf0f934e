import ActivationClient
import AuditLog

/// A column of a table or a line of a record: where its value stands in the server's JSON.
struct Column: ExpressibleByStringLiteral {
    var title: String
    /// Member names from the outside in, joined by dots.
    var path: String

    init(_ title: String, _ path: String) {
        self.title = title
        self.path = path
    }

    init(stringLiteral path: String) {
        self.init(path.replacing("_", with: " ").replacing(".", with: " "), path)
    }

    func text(in json: JSON) -> String {
        var value: JSON? = json
        for name in path.split(separator: ".") { value = value?[String(name)] }
        return value.map(Self.text) ?? ""
    }

    private static func text(_ json: JSON) -> String {
        switch json {
        case .null: ""
        case .string(let text): text
        case .bool(let value): value ? "yes" : "no"
        case .integer(let value): String(value)
        case .number: json.canonicalText
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key)=\(text($0.value))" }.joined(separator: ", ")
        case .array(let items): items.map(text).joined(separator: ", ")
        }
    }
}

extension ServerOptions {
    /// One thing: a line a field, or the JSON.
    func show(_ answer: APIResponse, _ columns: [Column]) throws {
        guard !json else { return print(answer.text) }
        let value = try answer.json()
        var table = Table()
        for column in columns {
            let text = column.text(in: value)
            if !text.isEmpty { table.add([column.title, text]) }
        }
        print(table.text)
    }

    /// A list: a line an item under a head, and how to go on; or the JSON.
    func list(_ answer: APIResponse, _ columns: [Column]) throws {
        guard !json else { return print(answer.text) }
        let value = try answer.json()
        guard let items = value["items"]?.array else { throw UnexpectedAnswer("the answer lacks “items”") }
        var table = Table(head: columns.map { $0.title.uppercased() })
        for item in items { table.add(columns.map { $0.text(in: item) }) }
        print(table.text)
        if let cursor = value["next_cursor"]?.string { standardError("more: --cursor \(cursor)") }
    }
}
