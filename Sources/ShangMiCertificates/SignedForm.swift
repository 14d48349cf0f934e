internal import ShangMi
internal import SwiftASN1

/// What certificates and requests have in common: content, algorithm and signature (RFC 5280, 4.1.1).
struct SignedForm<Content: DERParseable & DERSerializable & Sendable>: Sendable {
    let content: Content
    /// What the signature is over.
    let contentBytes: [UInt8]
    let algorithm: AlgorithmIdentifier
    let signatureBytes: [UInt8]
    /// Nil where the algorithm isn't SM2 with SM3.
    let signature: SM2.Signing.Signature?
    /// All of it.
    let bytes: [UInt8]

    /// Refuses what isn't the one encoding of what it says.
    init(_ bytes: [UInt8]) throws(SM2CertificateError) {
        do {
            (content, contentBytes, algorithm, signatureBytes) = try Self.parse(bytes)
            let encoded = try Self.encode(content, algorithm, signatureBytes)
            guard encoded == bytes else {
                throw SM2CertificateError(.notCanonical, "DER has another encoding for the same content")
            }
            signature =
                algorithm.isSM2WithSM3
                ? try SM2.Signing.Signature(derRepresentation: signatureBytes) : nil
        } catch {
            throw SM2CertificateError(error)
        }
        self.bytes = bytes
    }

    private static func parse(
        _ bytes: [UInt8]
    ) throws -> (Content, [UInt8], AlgorithmIdentifier, [UInt8]) {
        try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
            guard let node = nodes.next() else {
                throw SM2CertificateError(.malformed, "an empty sequence")
            }
            let content = try Content(derEncoded: node)
            let algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
            let signature = try ASN1BitString(derEncoded: &nodes)
            return (content, Array(node.encodedBytes), algorithm, Array(signature.bytes))
        }
    }

    /// The bytes of a newly signed content.
    static func sign(
        _ content: Content, with key: SM2.Signing.PrivateKey, userID: SM2.UserID
    ) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.serialize(content)
        let signature = key.signature(for: coder.serializedBytes.span, userID: userID)
        return try encode(content, .sm2WithSM3, signature.derRepresentation)
    }

    /// Signatures are whole bytes.
    private static func encode(
        _ content: Content, _ algorithm: AlgorithmIdentifier, _ signature: [UInt8]
    ) throws -> [UInt8] {
        var coder = DER.Serializer()
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(content)
            try coder.serialize(algorithm)
            try coder.serialize(ASN1BitString(bytes: signature[...]))
        }
        return coder.serializedBytes
    }

    func isSigned(by key: SM2.Signing.PublicKey, userID: SM2.UserID) -> Bool {
        guard let signature else { return false }
        return key.isValidSignature(signature, for: contentBytes.span, userID: userID)
    }
}
