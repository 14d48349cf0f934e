/// A JSON object as it is written, member by member.
struct JSONObjectText {
    private var text: [UInt8] = [UInt8(ascii: "{")]

    /// The finished object.
    var bytes: [UInt8] { text + [UInt8(ascii: "}")] }

    mutating func append(_ name: String, string: String) {
        append(name, json: Self.quoted(string))
    }

    /// - Parameter json: a value that is JSON already.
    mutating func append(_ name: String, json: [UInt8]) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        text += Self.quoted(name)
        text.append(UInt8(ascii: ":"))
        text += json
    }

    private static func quoted(_ string: String) -> [UInt8] {
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                quoted += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                quoted += Array("\\u00".utf8)
                quoted += [HexDigit.symbol(UInt32(byte) >> 4), HexDigit.symbol(UInt32(byte))]
            default: quoted.append(byte)
            }
        }
        quoted.append(UInt8(ascii: "\""))
        return quoted
    }
}
