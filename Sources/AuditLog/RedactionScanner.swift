/// One pass over free text: copies it, and masks what looks like a secret or a personal value.
///
/// It works on UTF-8 bytes. What is looked for is ASCII, and stands free: a run of letters and digits is
/// judged whole, so that nothing within a hash or an identifier passes for a telephone number.
struct RedactionScanner {
    private let bytes: [UInt8]
    private let table: RedactionTable
    private var offset = 0
    private var output: [UInt8] = []

    init(_ text: String, table: RedactionTable) {
        bytes = Array(text.utf8)
        self.table = table
    }

    mutating func redacted() -> String {
        output.reserveCapacity(bytes.count)
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x80 {
                foreignWord()
            } else if RedactionScanner.isTokenByte(byte) {
                token()
            } else {
                output.append(byte)
                offset += 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: words

    private mutating func token() {
        if let end = spacedCode() { return replace(upTo: end, by: RedactionRule.mark) }
        if let end = spacedPhone() { return replace(upTo: end, by: .phone) }
        let end = self.end(from: offset, while: RedactionScanner.isTokenByte)
        let word = String(decoding: bytes[offset..<end], as: UTF8.self)
        if table.isSecretWord(word), let value = value(after: end) {
            return redact(value)
        }
        switch word.lowercased() {
        case "bearer", "basic":
            if let value = credential(after: end) { return redact(value) }
        default: break
        }
        if let start = webToken(in: offset..<end) {
            output += bytes[offset..<start]
            return replace(upTo: end, by: RedactionRule.mark)
        }
        if let address = emailEnd(in: offset..<end) { return replace(upTo: address, by: .email) }
        if isCodeShaped(offset..<end) { return replace(upTo: end, by: RedactionRule.mark) }
        // A spaced number may reach beyond the word that it starts in.
        while offset < end { numberOrOther(upTo: end) }
    }

    /// A run of characters beyond ASCII: only looked at as a key, such as 密码.
    private mutating func foreignWord() {
        let start = offset
        let end = self.end(from: offset) { $0 >= 0x80 }
        var key = String(decoding: bytes[start..<end], as: UTF8.self)
        var separator: Int? = nil
        if let colon = key.firstIndex(of: "：") {
            separator = start + key.utf8.distance(from: key.startIndex, to: colon)
            key = String(key[..<colon])
        }
        guard let keyEnd = separator ?? (end < bytes.count ? end : nil), table.isSecretWord(key),
            let value = value(after: keyEnd)
        else {
            output += bytes[start..<end]
            offset = end
            return
        }
        redact(value)
    }

    /// Copies up to a value and puts the mark in its place.
    private mutating func redact(_ value: Range<Int>) {
        output += bytes[offset..<value.lowerBound]
        offset = value.lowerBound
        replace(upTo: value.upperBound, by: RedactionRule.mark)
    }

    private mutating func replace(upTo end: Int, by mark: String) {
        output += Array(mark.utf8)
        offset = end
    }

    private mutating func replace(upTo end: Int, by rule: RedactionRule) {
        replace(upTo: end, by: rule.mask(String(decoding: bytes[offset..<end], as: UTF8.self)))
    }

    private func end(from start: Int, while condition: (UInt8) -> Bool) -> Int {
        var end = start
        while end < bytes.count, condition(bytes[end]) { end += 1 }
        return end
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || [0x2E, 0x5F, 0x2D, 0x2B, 0x40].contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}

// MARK: secrets

extension RedactionScanner {
    /// The value after a key and `=` or `:`, which may be in quotes; nil if there is none.
    private func value(after key: Int) -> Range<Int>? {
        let space = UInt8(ascii: " ")
        var start = key
        if start < bytes.count, bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
            start += 1
        }
        start = end(from: start) { $0 == space }
        if bytes[start...].starts(with: "：".utf8) {
            start += "：".utf8.count
        } else {
            guard start < bytes.count, bytes[start] == UInt8(ascii: "=") || bytes[start] == UInt8(ascii: ":")
            else { return nil }
            start += 1
        }
        start = end(from: start) { $0 == space }
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") {
            let quote = bytes[start]
            let close = end(from: start + 1) { $0 != quote }
            return close > start + 1 ? (start + 1)..<close : nil
        }
        let stop = end(from: start, while: RedactionScanner.isValueByte)
        guard stop > start else { return nil }
        // `Authorization: Bearer …`: the scheme is a word, the secret follows.
        let scheme = String(decoding: bytes[start..<stop], as: UTF8.self).lowercased()
        if scheme == "bearer" || scheme == "basic" || scheme == "digest" {
            let secret = end(from: stop) { $0 == space }
            return start..<max(stop, end(from: secret, while: RedactionScanner.isValueByte))
        }
        return start..<stop
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && !",;&\"'()[]{}<>".utf8.contains(byte)
    }

    /// What follows `Bearer` or `Basic`, if it is long enough for a credential.
    private func credential(after word: Int) -> Range<Int>? {
        let start = end(from: word) { $0 == UInt8(ascii: " ") }
        let stop = end(from: start) { RedactionScanner.isTokenByte($0) || "~/=".utf8.contains($0) }
        return start > word && stop - start >= 8 ? start..<stop : nil
    }

    /// Where a JSON web token, `eyJ….….…`, starts.
    private func webToken(in range: Range<Int>) -> Int? {
        guard range.count >= 20 else { return nil }
        return range.dropLast(19).first { start in
            bytes[start...].starts(with: "eyJ".utf8)
                && (start == range.lowerBound || !RedactionScanner.isAlphanumeric(bytes[start - 1]))
                && bytes[start..<range.upperBound].contains(UInt8(ascii: "."))
        }
    }

    /// Seven or more groups of four with the same separator, space or dash, between them: an activation code,
    /// and with it words of four letters beside it, which no rule could tell from its groups.
    private func spacedCode() -> Int? {
        let start = offset
        guard let firstEnd = groupEnd(start), firstEnd < bytes.count else { return nil }
        let separator = bytes[firstEnd]
        guard separator == 0x20 || separator == UInt8(ascii: "-") else { return nil }
        var stop = firstEnd
        var groups = 1
        while stop < bytes.count, bytes[stop] == separator, let next = groupEnd(stop + 1) {
            stop = next
            groups += 1
        }
        // Plain words are no code; one code in 30,000 has no digit, and is found when it has dashes.
        return groups >= 7 && bytes[start..<stop].contains { RedactionScanner.isDigit($0) } ? stop : nil
    }

    /// Where a group of exactly four letters and digits ends.
    private func groupEnd(_ start: Int) -> Int? {
        let stop = end(from: start, while: RedactionScanner.isAlphanumeric)
        return stop - start == 4 ? stop : nil
    }

    /// An activation code without separators, or what is left of one that was mistyped: five groups of four.
    private func isCodeShaped(_ range: Range<Int>) -> Bool {
        let word = bytes[range]
        if word.count == 28, word.allSatisfy({ RedactionScanner.isAlphanumeric($0) }) {
            return word.contains { RedactionScanner.isDigit($0) }
                && word.contains { !RedactionScanner.isDigit($0) }
        }
        var groups = 0
        for group in word.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false) {
            groups =
                group.count == 4 && group.allSatisfy { RedactionScanner.isAlphanumeric($0) } ? groups + 1 : 0
            if groups == 5 { return true }
        }
        return false
    }
}

// MARK: personal values

extension RedactionScanner {
    /// The end of an e-mail address that starts the range.
    private func emailEnd(in range: Range<Int>) -> Int? {
        guard let at = range.last(where: { bytes[$0] == UInt8(ascii: "@") }), at > range.lowerBound else {
            return nil
        }
        var end = range.upperBound
        while end > at, !RedactionScanner.isAlphanumeric(bytes[end - 1]) { end -= 1 }
        let domain = bytes[(at + 1)..<max(end, at + 1)]
        guard let dot = domain.lastIndex(of: UInt8(ascii: ".")), dot > at + 1, dot < end - 1 else {
            return nil
        }
        return end
    }

    /// A mobile number written 138 1234 5678 or 138-1234-5678.
    private func spacedPhone() -> Int? {
        var end = offset
        for (position, length) in [3, 4, 4].enumerated() {
            if position > 0 {
                guard end < bytes.count, bytes[end] == 0x20 || bytes[end] == UInt8(ascii: "-") else {
                    return nil
                }
                end += 1
            }
            for _ in 0..<length {
                guard end < bytes.count, RedactionScanner.isDigit(bytes[end]) else { return nil }
                end += 1
            }
        }
        guard isMobilePrefix(offset), end == bytes.count || !RedactionScanner.isAlphanumeric(bytes[end])
        else {
            return nil
        }
        return end
    }

    /// Copies one run of letters and digits, masked when it is a mobile or an identity-card number, or one
    /// other byte.
    private mutating func numberOrOther(upTo limit: Int) {
        if let end = spacedPhone() { return replace(upTo: end, by: .phone) }
        let stop = min(limit, end(from: offset, while: RedactionScanner.isAlphanumeric))
        guard stop > offset else {
            output.append(bytes[offset])
            offset += 1
            return
        }
        let digits = end(from: offset, while: RedactionScanner.isDigit)
        switch stop - offset {
        case 11 where digits == stop && isMobilePrefix(offset): replace(upTo: stop, by: .phone)
        case 13
        where digits == stop && bytes[offset...].starts(with: "86".utf8) && isMobilePrefix(offset + 2):
            replace(upTo: stop, by: .phone)
        case 18 where digits >= stop - 1 && isIdentity(endingAt: stop): replace(upTo: stop, by: .identity)
        default:
            output += bytes[offset..<stop]
            offset = stop
        }
    }

    private func isMobilePrefix(_ start: Int) -> Bool {
        bytes[start] == UInt8(ascii: "1") && UInt8(ascii: "3")...UInt8(ascii: "9") ~= bytes[start + 1]
    }

    /// Seventeen digits and a digit or X, with a month and a day where a birth date stands (GB 11643).
    private func isIdentity(endingAt stop: Int) -> Bool {
        let last = bytes[stop - 1]
        guard RedactionScanner.isDigit(last) || last | 0x20 == UInt8(ascii: "x") else { return false }
        func number(_ place: Int) -> Int {
            Int(bytes[offset + place] - UInt8(ascii: "0")) * 10
                + Int(bytes[offset + place + 1] - UInt8(ascii: "0"))
        }
        return 1...12 ~= number(10) && 1...31 ~= number(12)
    }
}
