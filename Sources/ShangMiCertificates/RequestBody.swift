internal import SwiftASN1
internal import X509

/// CertificationRequestInfo (RFC 2986, 4.1).
struct RequestBody: DERParseable, DERSerializable, Sendable {
    private static let version = 0
    private static let attributesTag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)

    let subject: DistinguishedName
    let key: SubjectKey
    let attributes: CertificateSigningRequest.Attributes

    init(subject: DistinguishedName, key: SubjectKey, attributes: CertificateSigningRequest.Attributes) {
        (self.subject, self.key, self.attributes) = (subject, key, attributes)
    }

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            let version = try Int(derEncoded: &nodes)
            guard version == Self.version else {
                throw SM2CertificateError(.unsupportedVersion, "PKCS#10 version \(version) and not 0")
            }
            return RequestBody(
                subject: try DistinguishedName(next: &nodes), key: try SubjectKey(derEncoded: &nodes),
                attributes: CertificateSigningRequest.Attributes(
                    try DER.set(
                        of: CertificateSigningRequest.Attribute.self, identifier: Self.attributesTag,
                        nodes: &nodes)))
        }
    }

    func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(Self.version)
            try coder.serialize(subject)
            try coder.serialize(key)
            try coder.serializeSetOf(attributes, identifier: Self.attributesTag)
        }
    }
}
