internal import SwiftASN1
internal import X509

/// TBSCertificate (RFC 5280, 4.1) of version 3.
struct CertificateBody: DERParseable, DERSerializable, Sendable {
    private static let version = 2
    private static let issuerUniqueIDTag = ASN1Identifier(tagWithNumber: 1, tagClass: .contextSpecific)
    private static let subjectUniqueIDTag = ASN1Identifier(tagWithNumber: 2, tagClass: .contextSpecific)

    let serialNumber: Certificate.SerialNumber
    let algorithm: AlgorithmIdentifier
    let issuer: DistinguishedName
    let notBefore: CertificateTime
    let notAfter: CertificateTime
    let subject: DistinguishedName
    let key: SubjectKey
    private let issuerUniqueID: ASN1BitString?
    private let subjectUniqueID: ASN1BitString?
    let extensions: Certificate.Extensions

    /// A body to be signed with SM2.
    init(
        serialNumber: Certificate.SerialNumber, issuer: DistinguishedName, notBefore: CertificateTime,
        notAfter: CertificateTime, subject: DistinguishedName, key: SubjectKey,
        extensions: Certificate.Extensions
    ) {
        self.serialNumber = serialNumber
        algorithm = .sm2WithSM3
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subject = subject
        self.key = key
        issuerUniqueID = nil
        subjectUniqueID = nil
        self.extensions = extensions
    }

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in try CertificateBody(&nodes) }
    }

    private init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        let version = try DER.decodeDefaultExplicitlyTagged(
            &nodes, tagNumber: 0, tagClass: .contextSpecific, defaultValue: 0)
        guard version == Self.version else {
            throw SM2CertificateError(.unsupportedVersion, "X.509 version \(version) and not 2, which is v3")
        }
        serialNumber = Certificate.SerialNumber(bytes: try ArraySlice<UInt8>(derEncoded: &nodes))
        algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
        issuer = try DistinguishedName(next: &nodes)
        (notBefore, notAfter) = try DER.sequence(nodes.required(), identifier: .sequence) { nodes in
            (try CertificateTime(derEncoded: &nodes), try CertificateTime(derEncoded: &nodes))
        }
        subject = try DistinguishedName(next: &nodes)
        key = try SubjectKey(derEncoded: &nodes)
        issuerUniqueID = try DER.optionalImplicitlyTagged(&nodes, tag: Self.issuerUniqueIDTag)
        subjectUniqueID = try DER.optionalImplicitlyTagged(&nodes, tag: Self.subjectUniqueIDTag)
        let list = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 3, tagClass: .contextSpecific) {
            try DER.sequence(of: Certificate.Extension.self, identifier: .sequence, rootNode: $0)
        }
        extensions = try Certificate.Extensions(list ?? [])
    }

    func serialize(into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(
                Self.version, explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            try coder.serialize(serialNumber.bytes)
            try coder.serialize(algorithm)
            try coder.serialize(issuer)
            try coder.appendConstructedNode(identifier: .sequence) { coder in
                try coder.serialize(notBefore)
                try coder.serialize(notAfter)
            }
            try coder.serialize(subject)
            try coder.serialize(key)
            try coder.serializeOptionalImplicitlyTagged(
                issuerUniqueID, withIdentifier: Self.issuerUniqueIDTag)
            try coder.serializeOptionalImplicitlyTagged(
                subjectUniqueID, withIdentifier: Self.subjectUniqueIDTag)
            if !extensions.isEmpty {
                try coder.serialize(explicitlyTaggedWithTagNumber: 3, tagClass: .contextSpecific) {
                    try $0.serializeSequenceOf(extensions)
                }
            }
        }
    }
}
