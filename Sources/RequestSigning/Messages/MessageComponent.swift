/// One part of a message that a signature covers: a component identifier of RFC 9421 §2.
///
/// Written as in the signature base: `"content-type"`, `"@path"`, `"@query-param";name="cardNo"`. At most one
/// parameter is supported; `tr` and `req` (trailers, and requests within responses) are not.
public struct MessageComponent: Sendable, Hashable {
    public enum Parameter: Sendable, Hashable {
        case none
        /// `;sf`: the field, serialized strictly as the structured field it is (§2.1.1).
        case structuredField
        /// `;key="…"`: one member of a dictionary field (§2.1.2).
        case member(String)
        /// `;bs`: every line of the field, wrapped as a byte sequence (§2.1.3).
        case byteSequences
        /// `;name="…"`: one parameter of the query, its name percent-encoded (§2.2.8).
        case queryParameter(String)
    }

    /// A field's name in lower case, or a derived component's with its `@`.
    public let name: String
    public let parameter: Parameter

    /// A field or a derived component; an unknown name is refused when a signature base is made of it.
    public init(_ name: String, _ parameter: Parameter = .none) {
        self.name = name
        self.parameter = parameter
    }

    public static let method = MessageComponent("@method")
    public static let targetURI = MessageComponent("@target-uri")
    public static let authority = MessageComponent("@authority")
    public static let scheme = MessageComponent("@scheme")
    public static let requestTarget = MessageComponent("@request-target")
    public static let path = MessageComponent("@path")
    public static let query = MessageComponent("@query")
    /// The status code of a response; no request has it.
    public static let status = MessageComponent("@status")
    public static let contentDigest = MessageComponent("content-digest")

    /// `name` percent-encoded as the query's parameter is after decoding: a space is `%20` (§2.2.8).
    public static func queryParameter(_ name: String) -> MessageComponent {
        MessageComponent("@query-param", .queryParameter(name))
    }

    var isDerived: Bool { name.utf8.first == UInt8(ascii: "@") }

    /// Appends the identifier as the signature base writes it (RFC 8941 §4.1.3).
    func append(to text: inout [UInt8]) {
        Self.append(string: name, to: &text)
        switch parameter {
        case .none: break
        case .structuredField: text.append(contentsOf: ";sf".utf8)
        case .byteSequences: text.append(contentsOf: ";bs".utf8)
        case .member(let key):
            text.append(contentsOf: ";key=".utf8)
            Self.append(string: key, to: &text)
        case .queryParameter(let name):
            text.append(contentsOf: ";name=".utf8)
            Self.append(string: name, to: &text)
        }
    }

    /// Appends a string item of RFC 8941 §4.1.6; what is not ASCII is refused by the signature base.
    static func append(string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
            text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
    }
}

extension MessageComponent: CustomStringConvertible {
    /// The identifier as the signature base writes it.
    public var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
