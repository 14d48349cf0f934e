/// Walks over XML's markup without understanding it: enough to refuse declarations of documents and entities,
/// processing instructions and bombs of tags before a parser sees them.
struct MarkupScanner {
    private let bytes: [UInt8]
    /// The local names of the elements that were opened.
    private(set) var names: Set<String> = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func checkMarkup(tagLimit: Int) throws(FsiError) {
        var index = 0
        var tags = 0
        while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            if starts("<!--", at: start) {
                index = try end("-->", from: start + 4)
            } else if starts("<![CDATA[", at: start) {
                index = try end("]]>", from: start + 9)
            } else if starts("<!", at: start) {
                throw FsiError(.invalidXML, "declarations of documents and entities are refused")
            } else if starts("<?", at: start) {
                guard start == 0 else { throw FsiError(.invalidXML, "processing instructions are refused") }
                index = try end("?>", from: start + 2)
            } else {
                tags += 1
                if tags > tagLimit { throw FsiError(.invalidXML, "the message has too many tags") }
                note(start + 1)
                index = start + 1
            }
        }
    }

    private mutating func note(_ start: Int) {
        let name = bytes[start...].prefix(128).prefix { byte in
            byte > 0x20 && byte != UInt8(ascii: ">") && byte != UInt8(ascii: "/")
        }
        let local = name.split(separator: UInt8(ascii: ":")).last ?? []
        if !local.isEmpty { names.insert(String(decoding: local, as: UTF8.self)) }
    }

    private func starts(_ text: StaticString, at place: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[place + $0] == text.utf8Start[$0] }
    }

    /// The place behind the next `text`.
    private func end(_ text: StaticString, from start: Int) throws(FsiError) -> Int {
        var place = start
        while place < bytes.count {
            if starts(text, at: place) { return place + text.utf8CodeUnitCount }
            place += 1
        }
        throw FsiError(.invalidXML, "the message isn't well-formed")
    }
}
