/// A text with signatures (C2SP signed-note). The text counts for nothing before ``verified(by:)`` has
/// returned.
public struct SignedNote: Sendable, Equatable {
    public struct Signature: Sendable, Equatable {
        public var name: String
        public var keyID: UInt32
        /// Without the key id; 64 bytes when it is Ed25519.
        public var signature: [UInt8]

        public init(name: String, keyID: UInt32, signature: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.signature = signature
        }
    }

    /// The specification asks for 16; more than this is no note but an attack on the reader's time.
    public static let maximumSignatures = 64

    /// Ends in a line feed.
    public let text: String
    public let signatures: [Signature]

    /// Throws ``NoteError/malformed(_:)`` unless ``encoded`` would give exactly this note again.
    public init(parsing note: some StringProtocol) throws(NoteError) {
        try self.init(parsing: Array(note.utf8))
    }

    public init(parsing bytes: [UInt8]) throws(NoteError) {
        guard let note = String(validating: bytes, as: UTF8.self) else { throw .malformed("it is not UTF-8") }
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else {
            throw .malformed("it has a control character")
        }
        guard bytes.last == 0x0A else { throw .malformed("it does not end in a line feed") }
        // The blank line that splits text and signatures is the last one.
        var split = bytes.count - 1
        while split > 0, !(bytes[split] == 0x0A && bytes[split - 1] == 0x0A) { split -= 1 }
        guard split > 0, split < bytes.count - 1 else { throw .malformed("it has no signatures") }
        let view = note.utf8
        let boundary = view.index(view.startIndex, offsetBy: split)
        text = String(note[..<boundary])
        let lines = view[view.index(after: boundary)...].dropLast()
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count <= SignedNote.maximumSignatures else {
            throw .malformed("it has too many signatures")
        }
        var signatures: [Signature] = []
        for line in lines { signatures.append(try SignedNote.signature(Substring(line))) }
        self.signatures = signatures
    }

    private init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Signs a text, which must end in a line feed and hold no other control character.
    public static func sign(_ text: String, by signers: [NoteSigner]) throws -> SignedNote {
        let signatures = try signers.map {
            Signature(
                name: $0.verifierKey.name, keyID: $0.verifierKey.keyID,
                signature: try $0.signature(over: text))
        }
        // Parsed back, so that no text is ever signed that a reader would refuse or split elsewhere.
        let note = try SignedNote(parsing: SignedNote(text: text, signatures: signatures).encoded)
        guard note.text.utf8.elementsEqual(text.utf8) else {
            throw NoteError.malformed("its text is not one")
        }
        return note
    }

    public static func sign(text: String, by signers: [NoteSigner]) throws -> SignedNote {
        try sign(text, by: signers)
    }

    /// The note as it is stored and served.
    public var encoded: String {
        var note = text + "\n"
        for signature in signatures {
            let identifier = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> (24 - 8 * $0)) }
            note += "\u{2014} \(signature.name) \(Base64.encode(identifier + signature.signature))\n"
        }
        return note
    }

    /// The names of the keys that signed, at least one.
    ///
    /// A signature by a key that is not among these is passed over; a wrong one by a key that is refuses the
    /// note.
    @discardableResult
    public func verified(by keys: [NoteVerifierKey]) throws(NoteError) -> [String] {
        let message = Array(text.utf8)
        var names: [String] = []
        for signature in signatures {
            let known = keys.first {
                $0.keyID == signature.keyID && $0.name.utf8.elementsEqual(signature.name.utf8)
            }
            guard let known else { continue }
            guard known.verify(message: message, signature: signature.signature) else {
                throw .badSignature(known.name)
            }
            if !names.contains(known.name) { names.append(known.name) }
        }
        guard !names.isEmpty else { throw .noKnownSignature }
        return names
    }

    private static func signature(_ line: Substring) throws(NoteError) -> Signature {
        let parts = line.utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { Substring($0) }
        guard parts.count == 3, parts[0] == "\u{2014}", NoteVerifierKey.isName(parts[1]),
            let bytes = Base64.decode(parts[2]), bytes.count > 4
        else { throw .malformed("a signature line is a dash, a name and base64") }
        return Signature(
            name: String(parts[1]), keyID: bytes[..<4].reduce(0) { $0 << 8 | UInt32($1) },
            signature: Array(bytes[4...]))
    }
}
