/// How a number's text comes out of one or another language's JSON writer.
enum NumberForm: Sendable, CaseIterable {
    /// CPython: whole numbers keep their digits, the others are `repr` of the double.
    case python
    /// ECMAScript (RFC 8785): every number is a double, `1.0` is `1`.
    case ecmaScript
    /// As it stands in the body.
    case source
    /// As text in quotes.
    case quotedSource
    case quotedEcmaScript
    /// Every number a floating-point one: `1` is `1.0` (Gson's Object, Lua, Python's float).
    case double
    /// Java's `Double.toString`: `1.0E7`.
    case javaDouble
    /// Java's `BigDecimal.toString`: `1E+2`.
    case bigDecimal
    /// Exact, without exponent and without zeros at the end.
    case plain
    /// Money: two places.
    case twoPlaces
    case quotedTwoPlaces

    /// The JSON value in this form; a number that the form can't hold stays as it came.
    func text(_ source: String) -> String {
        switch self {
        case .source: source
        case .quotedSource: "\"\(source)\""
        case .quotedEcmaScript: "\"\(Self.ecmaScript.text(source))\""
        case .quotedTwoPlaces: "\"\(Self.twoPlaces.text(source))\""
        case .python: Self.isWhole(source) ? (source == "-0" ? "0" : source) : Self.python(source) ?? source
        case .double: Self.python(source) ?? source
        case .ecmaScript: Self.ecmaScript(source) ?? source
        case .javaDouble: Self.java(source) ?? source
        case .bigDecimal: Self.bigDecimal(source) ?? source
        case .plain: DecimalText(source)?.plain() ?? source
        case .twoPlaces: DecimalText(source)?.plain(places: 2) ?? source
        }
    }

    private static func isWhole(_ source: String) -> Bool {
        source.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func shortest(_ source: String) -> DecimalText? {
        Double(source).flatMap(DecimalText.init)
    }

    private static func python(_ source: String) -> String? {
        guard let decimal = shortest(source) else { return nil }
        guard !decimal.digits.isEmpty, !(-3...16).contains(decimal.point) else {
            return decimal.plain(places: 1)
        }
        let (mantissa, exponent) = decimal.scientific
        let size = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return mantissa + (exponent < 0 ? "e-" : "e+") + size
    }

    private static func ecmaScript(_ source: String) -> String? {
        guard let decimal = shortest(source) else { return nil }
        guard !decimal.digits.isEmpty else { return "0" }
        guard !(-5...21).contains(decimal.point) else { return decimal.plain() }
        let (mantissa, exponent) = decimal.scientific
        return mantissa + (exponent < 0 ? "e-" : "e+") + "\(abs(exponent))"
    }

    private static func java(_ source: String) -> String? {
        guard let decimal = shortest(source) else { return nil }
        guard !decimal.digits.isEmpty, !(-2...7).contains(decimal.point) else {
            return decimal.plain(places: 1)
        }
        let (mantissa, exponent) = decimal.scientific
        return mantissa + (mantissa.contains(".") ? "" : ".0") + "E\(exponent)"
    }

    /// The digits as written; an exponent only where the text's own scale is below 0 or the number is tiny.
    private static func bigDecimal(_ source: String) -> String? {
        let halves = source.lowercased().split(separator: "e")
        let parts = halves.first?.split(separator: ".") ?? []
        guard !parts.isEmpty, let shift = halves.count == 2 ? Int(halves[1]) : 0, abs(shift) < 400 else {
            return source
        }
        let scale = (parts.count == 2 ? parts[1].count : 0) - shift
        let sign = parts[0].hasPrefix("-") ? "-" : ""
        let written = parts.joined().drop { $0 == "-" || $0 == "0" }
        let digits = written.isEmpty ? "0" : String(written)
        let exponent = digits.count - 1 - scale
        if scale >= 0, exponent >= -6 {
            guard scale > 0 else { return sign + digits }
            let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
            return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
        }
        let mantissa = digits.prefix(1) + (digits.count > 1 ? "." + digits.dropFirst() : "")
        return sign + mantissa + "E" + (exponent < 0 ? "" : "+") + "\(exponent)"
    }
}
