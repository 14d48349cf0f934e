/// One pass over the bytes of a JSON text. It owns nothing: the buffer must outlive it.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSON, JSONError> {
        Result { () throws(JSONError) -> JSON in
            var parser = JSONParser(bytes: bytes)
            let value = try parser.value()
            parser.skipSpace()
            guard parser.offset == bytes.count else {
                throw parser.failure("something follows the value")
            }
            return value
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    private func failure(_ reason: String) -> JSONError {
        JSONError(offset: offset, reason: reason)
    }

    /// The byte at the cursor; 0, which no JSON token starts with, at the end.
    private var next: UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch next {
        case UInt8(ascii: "\""):
            offset += 1
            return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw failure(offset == bytes.count ? "the text ends where a value is due" : "no value")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard offset + length <= bytes.count else { throw failure("no value") }
        for index in 0..<length where bytes[offset + index] != word.utf8Start[index] {
            throw failure("no value")
        }
        offset += length
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= JSON.maximumDepth else { throw failure("nested deeper than \(JSON.maximumDepth)") }
        offset += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> JSON {
        try enter()
        var elements: [JSON] = []
        if next == UInt8(ascii: "]") {
            offset += 1
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            switch next {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "]"):
                offset += 1
                depth -= 1
                return .array(elements)
            default: throw failure("an array goes on with a comma or ends with a bracket")
            }
        }
    }

    private mutating func object() throws(JSONError) -> JSON {
        try enter()
        if next == UInt8(ascii: "}") {
            offset += 1
            depth -= 1
            return .object([:])
        }
        var members = [String: JSON](minimumCapacity: 8)
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a key is due") }
            let keyOffset = offset
            offset += 1
            let key = try string()
            skipSpace()
            guard next == UInt8(ascii: ":") else { throw failure("a colon is due") }
            offset += 1
            guard members.updateValue(try value(), forKey: key) == nil else {
                throw JSONError(offset: keyOffset, reason: "a key stands twice")
            }
            skipSpace()
            switch next {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: "}"):
                offset += 1
                depth -= 1
                return .object(members)
            default: throw failure("an object goes on with a comma or ends with a brace")
            }
        }
    }
}

// MARK: numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSON {
        let start = offset
        let negative = next == UInt8(ascii: "-")
        if negative { offset += 1 }
        let firstDigit = offset
        // Accumulated downwards, because Int64's range reaches one further there.
        var value: Int64 = 0
        var overflows = false
        while let digit = digit {
            let (shifted, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = shifted.subtractingReportingOverflow(digit)
            overflows = overflows || first || second
            value = sum
            offset += 1
        }
        let digits = offset - firstDigit
        guard digits > 0 else { throw failure("a digit is due") }
        guard digits == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw JSONError(offset: firstDigit, reason: "a number has no leading zero")
        }
        var whole = true
        if next == UInt8(ascii: ".") {
            whole = false
            offset += 1
            try skipDigits()
        }
        if next | 0x20 == UInt8(ascii: "e") {
            whole = false
            offset += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
            try skipDigits()
        }
        if whole, !overflows, negative || value != .min { return .integer(negative ? value : -value) }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw JSONError(offset: start, reason: "a number beyond the range of a double")
        }
        return .number(double)
    }

    private var digit: Int64? {
        let digit = next &- UInt8(ascii: "0")
        return digit < 10 ? Int64(digit) : nil
    }

    private mutating func skipDigits() throws(JSONError) {
        guard digit != nil else { throw failure("a digit is due") }
        while digit != nil { offset += 1 }
    }
}

// MARK: strings

extension JSONParser {
    /// The rest of a string, its opening quote being behind the cursor.
    private mutating func string() throws(JSONError) -> String {
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                let content = UnsafeBufferPointer(rebasing: bytes[start..<offset])
                offset += 1
                return try text(content, from: start)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw failure("a control character in a string") }
            offset += 1
        }
        throw failure("the text ends within a string")
    }

    private func text(_ content: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONError) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw JSONError(offset: start, reason: "a string that is not UTF-8")
        }
        return text
    }

    /// The slow path, from the first backslash on.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var content = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                let result = content.withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) }
                guard let result else {
                    throw JSONError(offset: start, reason: "a string that is not UTF-8")
                }
                return result
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &content)
            case 0..<0x20: throw failure("a control character in a string")
            default:
                content.append(byte)
                offset += 1
            }
        }
        throw failure("the text ends within a string")
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        let symbol = next
        offset += 1
        switch symbol {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(symbol)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let escapeOffset = offset - 2
            var code = try hexadecimalUnit()
            if 0xD800..<0xDC00 ~= code, next == UInt8(ascii: "\\"), offset + 1 < bytes.count,
                bytes[offset + 1] == UInt8(ascii: "u")
            {
                offset += 2
                let low = try hexadecimalUnit()
                guard 0xDC00..<0xE000 ~= low else {
                    throw JSONError(offset: escapeOffset, reason: "a lone surrogate")
                }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw JSONError(offset: escapeOffset, reason: "a lone surrogate")
            }
            content.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
        default:
            offset -= 1
            throw failure("an unknown escape")
        }
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
        guard offset + 4 <= bytes.count else { throw failure("four hexadecimal digits are due") }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hexadecimal.value(of: bytes[offset]) else {
                throw failure("four hexadecimal digits are due")
            }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}
