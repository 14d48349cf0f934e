package import Foundation

/// A value bound to, or read from, a statement: the few types that both drivers share.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob(Data)

    package init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    package init(_ value: Int64) { self = .integer(value) }
    package init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    package init(_ value: Data?) { self = value.map { .blob($0) } ?? .null }
    package init(_ value: UUID?) { self = value.map { .text($0.lowercased) } ?? .null }
    /// A moment in milliseconds since 1970, as every column named `…_at` holds it.
    package init(_ value: Date?) { self = value.map { .integer($0.unixMilliseconds) } ?? .null }
    /// A list of names without spaces (roles, scopes, address ranges), joined by one space.
    package init(names: [String]) { self = .text(names.joined(separator: " ")) }
}

extension UUID {
    /// The form that stands in every answer, entry and column.
    package var lowercased: String { text(dashes: true) }

    /// The same without dashes, as a trace id is written (W3C Trace Context).
    package var hexadecimal: String { text(dashes: false) }

    private func text(dashes: Bool) -> String {
        let digits: StaticString = "0123456789abcdef"
        return withUnsafeBytes(of: uuid) { bytes in
            String(unsafeUninitializedCapacity: 36) { text in
                var written = 0
                for (position, byte) in bytes.enumerated() {
                    if dashes, position == 4 || position == 6 || position == 8 || position == 10 {
                        text[written] = UInt8(ascii: "-")
                        written += 1
                    }
                    text[written] = digits.utf8Start[Int(byte >> 4)]
                    text[written + 1] = digits.utf8Start[Int(byte & 15)]
                    written += 2
                }
                return written
            }
        }
    }
}

extension UUID {
    /// From the form that `lowercased` writes. (Foundation's initializer goes through scanf: a microsecond.)
    init?(stored text: String) {
        var value: UInt128 = 0
        var digits = 0
        for symbol in text.utf8 {
            let digit: UInt8
            switch symbol {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = symbol - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = symbol - UInt8(ascii: "a") + 10
            case UInt8(ascii: "-"): continue
            default: return nil
            }
            value = value << 4 | UInt128(digit)
            digits += 1
        }
        guard digits == 32 else { return nil }
        self = withUnsafeBytes(of: value.bigEndian) { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}

extension Date {
    package var unixMilliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    package init(unixMilliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(unixMilliseconds) / 1000)
    }
}
