internal import ShangMi
internal import SwiftASN1

/// SubjectPublicKeyInfo (RFC 5280, 4.1): an SM2 key, or another's bytes.
struct SubjectKey: DERParseable, DERSerializable, Sendable {
    let encoded: [UInt8]
    /// Nil where the key is of another algorithm.
    let sm2: SM2.Signing.PublicKey?

    init(_ key: SM2.Signing.PublicKey) {
        encoded = key.derRepresentation
        sm2 = key
    }

    init(derEncoded node: ASN1Node) throws {
        encoded = Array(node.encodedBytes)
        let algorithm = try DER.sequence(node, identifier: .sequence) { nodes in
            let algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
            _ = try ASN1BitString(derEncoded: &nodes)
            return algorithm
        }
        guard algorithm.isSM2Key else {
            sm2 = nil
            return
        }
        do {
            sm2 = try SM2.Signing.PublicKey(derRepresentation: encoded)
        } catch {
            throw SM2CertificateError(.invalidPublicKey, "the SM2 key is refused: \(error)")
        }
    }

    func serialize(into coder: inout DER.Serializer) throws {
        coder.serializeRawBytes(encoded)
    }
}
