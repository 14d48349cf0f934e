public import HTTPTypes

/// The bytes a message signature is made over (RFC 9421 §2.5): a line a component, then the parameters.
public struct SignatureBase: Sendable, Hashable {
    public let bytes: [UInt8]

    /// The base of a request.
    ///
    /// - Parameter kinds: what the fields covered with `;sf` are, by name in lower case.
    /// - Throws: `component_unsupported` (an unknown name or parameter), `component_missing` (the request has
    ///   no such field, member or query parameter), `component_repeated`, `component_malformed` (a value that
    ///   is not printable ASCII, not the structured field it should be, or a query parameter sent twice).
    public init(
        _ parameters: SignatureParameters, of request: HTTPRequest,
        kinds: [String: StructuredFieldKind] = StructuredFieldKind.registered
    ) throws(SigningRefusal) {
        bytes = try Self.bytes(parameters, ComponentValues(of: request, kinds: kinds))
    }

    /// The base of a response; `@status` and fields only. Throws as for a request.
    public init(
        _ parameters: SignatureParameters, of response: HTTPResponse,
        kinds: [String: StructuredFieldKind] = StructuredFieldKind.registered
    ) throws(SigningRefusal) {
        bytes = try Self.bytes(parameters, ComponentValues(of: response, kinds: kinds))
    }

    /// A base made before.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    private static func bytes(
        _ parameters: SignatureParameters, _ values: ComponentValues
    ) throws(SigningRefusal) -> [UInt8] {
        guard parameters.text.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw SigningRefusal(
                .componentMalformed, "Names and parameters of a signature are printable ASCII.")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parameters.text.count * 2 + 512)
        for (index, component) in parameters.components.enumerated() {
            guard !parameters.components[..<index].contains(component) else {
                throw SigningRefusal(.componentRepeated, "\(component) is covered twice.")
            }
            bytes.append(contentsOf: parameters.text[parameters.identifiers[index]])
            bytes.append(UInt8(ascii: ":"))
            bytes.append(UInt8(ascii: " "))
            try values.append(component, to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes.append(contentsOf: "\"@signature-params\": ".utf8)
        bytes.append(contentsOf: parameters.text)
        return bytes
    }
}
