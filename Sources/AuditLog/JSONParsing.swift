extension JSON {
    /// Objects and arrays within each other, at most.
    public static let maximumDepth = 64

    /// Parses UTF-8 bytes, strictly: RFC 8259 within I-JSON.
    ///
    /// Refused: duplicate keys, lone surrogates, invalid UTF-8, a byte order mark, a nesting deeper than
    /// ``maximumDepth``, numbers beyond a double's range, and anything after the value but white space.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        let result = bytes.withUnsafeBufferPointer { JSONParser.parse($0) }
        self = try result.get()
    }

    public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        let result = bytes.withMemoryRebound(to: UInt8.self) { JSONParser.parse($0) }
        self = try result.get()
    }

    @_disfavoredOverload
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        if let result = bytes.withContiguousStorageIfAvailable({ JSONParser.parse($0) }) {
            self = try result.get()
        } else {
            try self.init(parsing: Array(bytes))
        }
    }

    @_disfavoredOverload
    public init(parsing text: some StringProtocol) throws(JSONError) {
        try self.init(parsing: text.utf8)
    }
}
