extension SM2.PublicKey {
    /// SubjectPublicKeyInfo in DER, the point uncompressed. Another curve is refused with
    /// `unsupportedAlgorithm`, whatever isn't the one encoding of a key with `invalidKeyEncoding`.
    public init(derRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
        self.init(PublicKeyMaterial(try PublicKeyInfo.decode(Array(derRepresentation))))
    }

    /// A `PUBLIC KEY` block; text around it is skipped.
    public init(pemRepresentation: String) throws(ShangMiError) {
        try self.init(derRepresentation: PEM(pemRepresentation, labels: [Self.label]).bytes)
    }

    public var derRepresentation: [UInt8] { PublicKeyInfo.encode(material) }

    public var pemRepresentation: String { PEM(label: Self.label, bytes: derRepresentation).text }

    private static var label: String { "PUBLIC KEY" }
}
