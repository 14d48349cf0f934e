extension ExactJSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .string(value) }
}

extension ExactJSON: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) { self = .number(String(value)) }
}

extension ExactJSON: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension ExactJSON: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}

extension ExactJSON: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: ExactJSON...) { self = .array(elements) }
}

extension ExactJSON: ExpressibleByDictionaryLiteral {
    /// Of a name given twice the last value counts.
    public init(dictionaryLiteral members: (String, ExactJSON)...) {
        self = .object(Dictionary(members) { $1 })
    }
}
