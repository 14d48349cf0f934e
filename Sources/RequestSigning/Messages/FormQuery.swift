/// A query read as `application/x-www-form-urlencoded` (URL Standard §5), for `@query-param`.
enum FormQuery {
    enum Finding {
        case absent
        /// More than one parameter has the name, so none may be signed (RFC 9421 §2.2.8).
        case repeated
        /// The value, encoded; ASCII.
        case value([UInt8])
        /// The value's bytes are not UTF-8.
        case notUTF8
    }

    /// The only parameter whose name, decoded and encoded again, is the one given.
    static func find(_ name: String, in query: Substring) -> Finding {
        let wanted = Array(name.utf8)
        var finding = Finding.absent
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let equalSign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = PercentCoding.decode(pair[..<equalSign], plusIsSpace: true)
            guard encode(name) == wanted else { continue }
            if case .absent = finding {} else { return .repeated }
            let value = PercentCoding.decode(pair[equalSign...].dropFirst(), plusIsSpace: true)
            finding = String(validating: value, as: UTF8.self) == nil ? .notUTF8 : .value(encode(value))
        }
        return finding
    }

    /// Percent-encodes all but letters, digits and `*-._`; a space becomes `%20`.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "*"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "_"):
                text.append(byte)
            default:
                text.append(UInt8(ascii: "%"))
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return text
    }
}
