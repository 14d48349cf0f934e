import HTTPTypes

/// One member of `Signature-Input` (RFC 9421 §4.1), read from the field's bytes.
///
/// Broken syntax breaks the field; a member that is well-formed but uses what is not supported breaks only
/// itself, since a request may carry signatures meant for others (§4.3).
struct SignatureInput {
    /// Enough for every real signature, and a bound on the work an unauthenticated sender can cause.
    static let maximumComponents = 64

    private(set) var components: [MessageComponent] = []
    private(set) var refusal: SigningRefusal?
    private var text: [UInt8] = []
    private var identifiers: [Range<Int>] = []
    private(set) var created: Int64?
    private var expires: Int64?
    private(set) var nonce: String?
    private var algorithm: String?
    private(set) var keyID: String?
    private var tag: String?

    /// Reads the member's value, after its `=`.
    init(_ scanner: inout StructuredFieldScanner) throws(StructuredFieldScanner.Malformed) {
        text.reserveCapacity(scanner.bytes.count)
        components.reserveCapacity(8)
        identifiers.reserveCapacity(8)
        try scanner.expect(UInt8(ascii: "("))
        text.append(UInt8(ascii: "("))
        scanner.skipSpaces()
        while !scanner.skip(UInt8(ascii: ")")) {
            if text.count > 1 { text.append(UInt8(ascii: " ")) }
            try readComponent(&scanner)
            // An item ends at a space or at the list's end, never at the next item (RFC 8941 §4.2.1.2).
            guard !scanner.skipSpaces() else { continue }
            try scanner.expect(UInt8(ascii: ")"))
            break
        }
        text.append(UInt8(ascii: ")"))
        try readParameters(&scanner)
    }

    consuming func parameters() throws(SigningRefusal) -> SignatureParameters {
        if let refusal { throw refusal }
        return SignatureParameters(
            components: components, created: created, expires: expires, nonce: nonce, algorithm: algorithm,
            keyID: keyID, tag: tag, text: text, identifiers: identifiers)
    }

    /// The field's first member, whatever is wrong with the others or with `Signature`.
    static func first(in fields: HTTPFields) -> SignatureInput? {
        guard let text = FieldText.combined("signature-input", in: fields) else { return nil }
        var scanner = StructuredFieldScanner(text)
        guard (try? scanner.key()) != nil, (try? scanner.expect(UInt8(ascii: "="))) != nil else { return nil }
        return try? SignatureInput(&scanner)
    }

    private mutating func refuse(_ code: SigningRefusal.Code, _ detail: String) {
        if refusal == nil { refusal = SigningRefusal(code, detail) }
    }

    private mutating func readComponent(
        _ scanner: inout StructuredFieldScanner
    ) throws(StructuredFieldScanner.Malformed) {
        let start = text.count
        guard case .string(let name) = try scanner.bareItem(appendingTo: &text) else {
            throw StructuredFieldScanner.Malformed()
        }
        var parameter = MessageComponent.Parameter.none
        while scanner.skip(UInt8(ascii: ";")) {
            scanner.skipSpaces()
            let key = try scanner.key()
            let isFirst = parameter == .none
            switch (key, try value(of: key, &scanner)) {
            case ("sf", .boolean(true)) where isFirst: parameter = .structuredField
            case ("bs", .boolean(true)) where isFirst: parameter = .byteSequences
            case ("key", .string(let member)) where isFirst: parameter = .member(member)
            case ("name", .string(let name)) where isFirst: parameter = .queryParameter(name)
            default:
                refuse(
                    .componentUnsupported, "A covered component has a parameter that is not supported.")
            }
        }
        let component = MessageComponent(name, parameter)
        if components.count == Self.maximumComponents {
            refuse(.signatureInputMalformed, "A signature may cover \(Self.maximumComponents) components.")
        } else if components.contains(component) {
            refuse(.componentRepeated, "A component is covered twice.")
        } else {
            components.append(component)
            identifiers.append(start..<text.count)
        }
    }

    private mutating func readParameters(
        _ scanner: inout StructuredFieldScanner
    ) throws(StructuredFieldScanner.Malformed) {
        while scanner.skip(UInt8(ascii: ";")) {
            scanner.skipSpaces()
            let key = try scanner.key()
            switch (key, try value(of: key, &scanner)) {
            case ("created", .integer(let time)) where created == nil: created = time
            case ("expires", .integer(let time)) where expires == nil: expires = time
            case ("nonce", .string(let value)) where nonce == nil: nonce = value
            case ("alg", .string(let value)) where algorithm == nil: algorithm = value
            case ("keyid", .string(let value)) where keyID == nil: keyID = value
            case ("tag", .string(let value)) where tag == nil: tag = value
            default:
                refuse(
                    .signatureInputMalformed,
                    "Each of created and expires (integers), nonce, alg, keyid and tag (strings) may stand once, "
                        + "and no other parameter.")
            }
        }
    }

    /// The value of a parameter, true if it has none; appends `;key=value` as strict serialization writes it.
    private mutating func value(
        of key: String, _ scanner: inout StructuredFieldScanner
    ) throws(StructuredFieldScanner.Malformed) -> StructuredFieldScanner.BareItem {
        text.append(UInt8(ascii: ";"))
        text.append(contentsOf: key.utf8)
        guard scanner.skip(UInt8(ascii: "=")) else { return .boolean(true) }
        let equalSign = text.count
        text.append(UInt8(ascii: "="))
        let item = try scanner.bareItem(appendingTo: &text)
        if case .boolean = item { text.removeSubrange(equalSign...) }
        return item
    }
}
