import AuditLog
import Foundation
import Testing

@Suite("JSON") struct JSONTests {
    @Test("what is not strict JSON is refused")
    func refused() throws {
        for text in try Vectors.list("json-refused.json").compactMap({ $0.string }) {
            #expect(throws: JSONError.self, "\(text)") { try JSON(parsing: text) }
        }
        #expect(throws: JSONError.self) { try JSON(parsing: [UInt8]([0x22, 0xC3, 0x28, 0x22])) }
        #expect(throws: JSONError.self) { try JSON(parsing: [UInt8]([0x22, 0xED, 0xA0, 0x80, 0x22])) }
        #expect(throws: JSONError.self) { try JSON(parsing: [UInt8]([0x22, 0x5C, 0x6E, 0xFF, 0x22])) }
    }

    @Test("an error says where")
    func offset() {
        #expect(throws: JSONError(offset: 7, reason: "a key stands twice")) {
            try JSON(parsing: #"{"a":1,"a":2}"#)
        }
    }

    @Test("values are told apart, and 64 nested arrays are the limit")
    func values() throws {
        #expect(try JSON(parsing: "[1,-0,1.5,\"a\",true,null,{}]") == [1, 0, 1.5, "a", true, nil, [:]])
        #expect(try JSON(parsing: "9223372036854775807") == .integer(.max))
        #expect(try JSON(parsing: "-9223372036854775808") == .integer(.min))
        #expect(try JSON(parsing: "9223372036854775808") == .number(0x1p63))
        #expect(try JSON(parsing: "1.0") == .number(1))
        #expect(try JSON(parsing: " \"\\ud83d\\ude00\\u00e9\" ") == .string("😀é"))
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try JSON(parsing: deep).canonicalText == deep)
    }

    @Test("every way to hand over the bytes parses alike")
    func inputs() throws {
        let text = #"{"a":[1,2]}"#
        let bytes = Array(text.utf8)
        #expect(try JSON(parsing: bytes) == JSON(parsing: text))
        #expect(try JSON(parsing: bytes) == JSON(parsing: Data(bytes)))
        #expect(try JSON(parsing: bytes) == JSON(parsing: bytes.lazy.map { $0 }))
        #expect(try JSON(parsing: bytes) == bytes.withUnsafeBytes { try JSON(parsing: $0) })
    }

    @Test("members and numbers are reached, and only as what they are")
    func access() {
        var json: JSON = ["a": 1, "b": 2.0, "c": "x", "d": [true], "e": 2.5]
        #expect(json["a"]?.integer == 1 && json["b"]?.integer == 2 && json["e"]?.integer == nil)
        #expect(json["a"]?.double == 1 && json["c"]?.double == nil && json["c"]?.string == "x")
        #expect(json["d"]?.array?.first?.bool == true && json["x"] == nil && json["a"]?["b"] == nil)
        json["a"] = nil
        json["f"] = ["g": 1]
        json["f"]?["h"] = 2
        #expect(json.object?.count == 5 && json["f"] == ["g": 1, "h": 2])
    }

    @Test("the canonical form is that of RFC 8785")
    func canonical() throws {
        for vector in try Vectors.list("canonical.json") {
            let input = try #require(vector["input"]?.string)
            let output = try #require(vector["output"]?.string)
            let canonical = try JSON(parsing: input).canonicalText
            #expect(canonical.utf8.elementsEqual(output.utf8), "\(vector["why"]?.string ?? "")")
            #expect(try JSON(parsing: canonical).canonicalText.utf8.elementsEqual(output.utf8))
        }
    }

    @Test("numbers are printed as ECMAScript does")
    func numbers() throws {
        for vector in try Vectors.list("rfc8785-numbers.json", "numbers") {
            let bits = try #require(vector["bits"]?.string.flatMap { UInt64($0, radix: 16) })
            let text = try #require(vector["text"]?.string)
            let value = Double(bitPattern: bits)
            #expect(JSON.number(value).canonicalText == text)
            #expect(try JSON(parsing: text).double == value)
        }
    }

    @Test("random doubles read back as themselves, and as Swift prints them")
    func randomNumbers() throws {
        var generator = SeededGenerator(state: 8785)
        for _ in 0..<5_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            let text = JSON.number(value).canonicalText
            #expect(Double(text) == value)
            #expect(text.utf8.filter { 0x31...0x39 ~= $0 }.count <= 17 + 3)
        }
    }

    @Test("keys are in order of their UTF-16 code units")
    func keyOrder() {
        var generator = SeededGenerator(state: 16)
        let pool: [Unicode.Scalar] = [
            "a", "b", "\u{7F}", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}",
            "\u{FFFD}", "\u{10000}", "\u{1F600}", "\u{10FFFF}",
        ]
        for _ in 0..<300 {
            let keys = Set(
                (0..<12).map { _ in
                    var key = String.UnicodeScalarView()
                    for _ in 0..<Int.random(in: 0...3, using: &generator) {
                        key.append(pool.randomElement(using: &generator)!)
                    }
                    return String(key)
                })
            let object = JSON.object(Dictionary(uniqueKeysWithValues: keys.map { ($0, .null) }))
            let sorted = keys.sorted { $0.utf16.lexicographicallyPrecedes($1.utf16) }
            let expected =
                "{" + sorted.map { JSON.string($0).canonicalText + ":null" }.joined(separator: ",") + "}"
            #expect(object.canonicalText.utf8.elementsEqual(expected.utf8))
        }
    }
}
