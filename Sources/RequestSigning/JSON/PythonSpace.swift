/// White space as `str.strip()` of CPython counts it.
enum PythonSpace {
    /// `text` without the white space at both ends.
    @inline(__always)
    static func strip(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let first = text.first, let last = text.last,
            isCandidate(first) || isCandidate(last)
        else { return text }
        return stripSlowly(text)
    }

    @inline(__always)
    private static func isCandidate(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte >= 0x80
    }

    private static func stripSlowly(_ text: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = text.count
        while start < end {
            let (code, length) = UTF8Form.character(text, at: start)
            guard isSpace(code) else { break }
            start += length
        }
        while end > start {
            var lead = end - 1
            while lead > start, text[lead] & 0xC0 == 0x80 { lead -= 1 }
            guard isSpace(UTF8Form.character(text, at: lead).code) else { break }
            end = lead
        }
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }

    static func isSpace(_ code: UInt32) -> Bool {
        switch code {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
            0x3000:
            true
        default: false
        }
    }
}
