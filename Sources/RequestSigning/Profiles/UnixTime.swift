/// Times as whole numbers since 1970 began in Greenwich.
enum UnixTime {
    /// The second that a millisecond lies in, before 1970 too.
    static func seconds(_ milliseconds: Int64) -> Int64 {
        let seconds = milliseconds / 1000
        return milliseconds % 1000 < 0 ? seconds - 1 : seconds
    }

    /// The number that a text of at most `digits` decimal digits writes, without sign or leading zeros.
    static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int64? {
        let symbols = text.utf8
        guard digits.contains(symbols.count), digits.upperBound <= 18 else { return nil }
        var value: Int64 = 0
        for symbol in symbols {
            guard FieldName.isDigit(symbol) else { return nil }
            value = value * 10 + Int64(symbol - UInt8(ascii: "0"))
        }
        if symbols.first == UInt8(ascii: "0"), symbols.count > 1 { return nil }
        return value
    }

    /// Unix seconds from a field that must hold them.
    ///
    /// - Throws: `timestamp_missing`, `timestamp_in_milliseconds`, `timestamp_not_a_number`.
    static func seconds(_ text: String?, in place: String) throws(SigningRefusal) -> Int64 {
        let text = try present(text, in: place)
        if let seconds = number(text, digits: 1...11) { return seconds }
        if number(text, digits: 13...13) != nil {
            throw SigningRefusal(
                .timestampInMilliseconds, "\(place) holds milliseconds; unix seconds are due.")
        }
        throw SigningRefusal(.timestampNotANumber, "\(place) isn't unix seconds in decimal.")
    }

    /// Unix milliseconds from a place that must hold them.
    ///
    /// - Throws: `timestamp_missing`, `timestamp_in_seconds`, `timestamp_not_a_number`.
    static func milliseconds(_ text: String?, in place: String) throws(SigningRefusal) -> Int64 {
        let text = try present(text, in: place)
        if let milliseconds = number(text, digits: 13...14) { return milliseconds }
        if number(text, digits: 9...11) != nil {
            throw SigningRefusal(.timestampInSeconds, "\(place) holds seconds; unix milliseconds are due.")
        }
        throw SigningRefusal(.timestampNotANumber, "\(place) isn't unix milliseconds in decimal.")
    }

    static func present(_ text: String?, in place: String) throws(SigningRefusal) -> String {
        guard let text, !text.isEmpty else {
            throw SigningRefusal(.timestampMissing, "\(place) holds the time, and the request has none.")
        }
        return text
    }
}
