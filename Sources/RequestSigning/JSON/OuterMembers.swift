/// Texts among an object's outermost members, found in bytes that aren't parsed: for what is noted of a request,
/// never for what is decided about it.
public enum OuterMembers {
    /// How many bytes are looked at.
    public static let reach = 16 * 1024

    /// The strings of the members named. What isn't there, isn't a string, has an escape or lies beyond the
    /// reach is left out; of two members of one name the first counts.
    public static func texts(of names: [String], in bytes: [UInt8]) -> [String: String] {
        bytes.withUnsafeBufferPointer { bytes in
            var scan = OuterScan(source: UnsafeBufferPointer(rebasing: bytes.prefix(reach)))
            return scan.texts(of: names)
        }
    }
}

/// One pass over the bytes, which knows strings and how deep it is, and nothing else of JSON.
private struct OuterScan {
    let source: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private var name: Range<Int>?
    private var isValueDue = false

    init(source: UnsafeBufferPointer<UInt8>) {
        self.source = source
    }

    mutating func texts(of names: [String]) -> [String: String] {
        var found: [String: String] = [:]
        while position < source.count, found.count < names.count {
            switch source[position] {
            case UInt8(ascii: "\"") where depth > 0:
                guard let string = string() else { return found }
                if depth > 1 { continue }
                if isValueDue {
                    if string.isPlain { note(string.range, in: &found, names) }
                } else {
                    name = string.isPlain ? string.range : nil
                }
                continue
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "[") where depth > 0: depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return found }
            case UInt8(ascii: ":") where depth == 1: isValueDue = true
            case UInt8(ascii: ",") where depth == 1: isValueDue = false
            case 0x20, 0x09, 0x0A, 0x0D: break
            default: if depth == 0 { return found }
            }
            position += 1
        }
        return found
    }

    private func note(_ value: Range<Int>, in found: inout [String: String], _ names: [String]) {
        guard let name, let wanted = names.first(where: { $0.utf8.elementsEqual(source[name]) }),
            found[wanted] == nil
        else { return }
        found[wanted] = String(validating: source[value], as: UTF8.self)
    }

    /// The string that begins here, without its quotation marks; nil if it has no end.
    private mutating func string() -> (range: Range<Int>, isPlain: Bool)? {
        let start = position + 1
        var isPlain = true
        var here = TextScan.plainEnd(source, from: start)
        while here < source.count {
            if source[here] == UInt8(ascii: "\"") {
                position = here + 1
                return (start..<here, isPlain)
            }
            let isEscape = source[here] == UInt8(ascii: "\\")
            if isEscape { isPlain = false }
            here = min(here + (isEscape ? 2 : 1), source.count)
            here = TextScan.plainEnd(source, from: here)
        }
        return nil
    }
}
