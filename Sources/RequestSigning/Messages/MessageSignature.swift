public import HTTPTypes

/// One signature a request or response carries: its members of `Signature-Input` and `Signature`.
public struct MessageSignature: Sendable, Hashable {
    /// How many signatures one message may carry, whoever they are meant for.
    public static let maximumCount = 8

    public let label: String
    public let parameters: SignatureParameters
    /// The signature itself, as its algorithm writes it.
    public let bytes: [UInt8]

    /// The signatures that can be read, in the order of `Signature-Input`; at least one.
    ///
    /// A member that has no counterpart in `Signature`, or covers what is not supported, may be meant for
    /// somebody else: it is left out as long as another can be read.
    /// - Throws: `signature_missing`, `signature_input_malformed`, `signature_malformed`, or the first member's
    ///   own refusal if none can be read.
    public static func all(in fields: HTTPFields) throws(SigningRefusal) -> [MessageSignature] {
        var signatures: [MessageSignature] = []
        var refusal: SigningRefusal?
        try forEach(in: fields) { _, result in
            switch result {
            case .success(let signature): signatures.append(signature)
            case .failure(let error): refusal = refusal ?? error
            }
        }
        if signatures.isEmpty { throw refusal ?? missing }
        return signatures
    }

    /// The signature with the label.
    /// - Throws: as ``all(in:)``, and `signature_missing` if no member has the label.
    public init(labeled label: String, in fields: HTTPFields) throws(SigningRefusal) {
        var found: Result<MessageSignature, SigningRefusal> = .failure(Self.missing)
        try Self.forEach(in: fields) { key, result in
            if key == label { found = result }
        }
        self = try found.get()
    }

    /// The value of `Signature-Input` for this signature alone.
    public var inputFieldValue: String { label + "=" + String(decoding: parameters.text, as: UTF8.self) }

    /// The value of `Signature` for this signature alone.
    public var fieldValue: String {
        var text = Array("\(label)=:".utf8)
        ByteSequence.append(bytes, to: &text)
        text.append(UInt8(ascii: ":"))
        return String(decoding: text, as: UTF8.self)
    }

    /// A signature just made; the label is a key of RFC 8941 §3.1.2, such as `sig1`.
    public init(label: String, parameters: SignatureParameters, bytes: [UInt8]) {
        self.label = label
        self.parameters = parameters
        self.bytes = bytes
    }
}

extension MessageSignature {
    private static var missing: SigningRefusal {
        SigningRefusal(
            .signatureMissing, "Signature-Input and Signature must hold a member of the same label.")
    }

    private init(
        _ label: String, _ input: consuming SignatureInput, _ values: ByteSequenceDictionary
    ) throws(SigningRefusal) {
        let parameters = try input.parameters()
        guard let value = values[label] else { throw Self.missing }
        guard let bytes = values.bytes(of: value), !bytes.isEmpty else {
            throw SigningRefusal(
                .signatureMalformed, "Signature is a byte sequence: padded Base64 between colons.")
        }
        self.init(label: label, parameters: parameters, bytes: bytes)
    }

    private static func forEach(
        in fields: HTTPFields, _ body: (String, Result<MessageSignature, SigningRefusal>) -> Void
    ) throws(SigningRefusal) {
        let values = try values(in: fields)
        guard let text = FieldText.combined("signature-input", in: fields) else { throw missing }
        do throws(StructuredFieldScanner.Malformed) {
            var scanner = StructuredFieldScanner(text)
            var labels: [String] = []
            repeat {
                let label = try scanner.key()
                try scanner.expect(UInt8(ascii: "="))
                let input = try SignatureInput(&scanner)
                guard labels.count < maximumCount, !labels.contains(label) else {
                    throw StructuredFieldScanner.Malformed()
                }
                labels.append(label)
                do throws(SigningRefusal) {
                    body(label, .success(try MessageSignature(label, input, values)))
                } catch {
                    body(label, .failure(error))
                }
            } while try scanner.nextMember()
        } catch {
            throw SigningRefusal(
                .signatureInputMalformed,
                "Signature-Input is a dictionary of 1 to \(maximumCount) labels, each once, "
                    + "each an inner list.")
        }
    }

    private static func values(in fields: HTTPFields) throws(SigningRefusal) -> ByteSequenceDictionary {
        guard let text = FieldText.combined("signature", in: fields) else { throw missing }
        do throws(StructuredFieldScanner.Malformed) {
            return try ByteSequenceDictionary(text)
        } catch {
            throw SigningRefusal(
                .signatureMalformed,
                "Signature is a dictionary of 1 to \(maximumCount) labels, each once, each a byte sequence.")
        }
    }
}
