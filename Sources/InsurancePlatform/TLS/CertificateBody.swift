internal import SwiftASN1
internal import X509

/// The fields of a TBSCertificate (RFC 5280, 4.1) that are told, in any version and with any algorithm.
struct CertificateBody {
    private static let rsa: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
    private static let ellipticCurve: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    private static let curves: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 10045, 3, 1, 7]: "EC P-256", [1, 3, 132, 0, 34]: "EC P-384",
        [1, 3, 132, 0, 35]: "EC P-521",
        [1, 2, 156, 10197, 1, 301]: "SM2",
    ]
    private static let signatures: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 113549, 1, 1, 5]: "SHA1 with RSA", [1, 2, 840, 113549, 1, 1, 11]: "SHA256 with RSA",
        [1, 2, 840, 113549, 1, 1, 12]: "SHA384 with RSA", [1, 2, 840, 113549, 1, 1, 13]: "SHA512 with RSA",
        [1, 2, 840, 113549, 1, 1, 10]: "RSA-PSS", [1, 2, 840, 10045, 4, 1]: "SHA1 with ECDSA",
        [1, 2, 840, 10045, 4, 3, 2]: "SHA256 with ECDSA", [1, 2, 840, 10045, 4, 3, 3]: "SHA384 with ECDSA",
        [1, 2, 840, 10045, 4, 3, 4]: "SHA512 with ECDSA", [1, 3, 101, 112]: "Ed25519",
        [1, 2, 156, 10197, 1, 501]: "SM3 with SM2",
    ]

    /// 1, 2 or 3.
    let version: Int
    let signatureAlgorithm: String
    let issuer: DistinguishedName
    let subject: DistinguishedName
    let keyAlgorithm: String
    let extensions: [Certificate.Extension]

    init(_ der: [UInt8]) throws {
        self = try DER.sequence(DER.parse(der), identifier: .sequence) { outer in
            guard let body = outer.next() else { throw ASN1Error.truncatedASN1Field() }
            while outer.next() != nil {}
            return try DER.sequence(body, identifier: .sequence) { nodes in try CertificateBody(&nodes) }
        }
    }

    private init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        version =
            1
            + (try DER.decodeDefaultExplicitlyTagged(
                &nodes, tagNumber: 0, tagClass: .contextSpecific, defaultValue: 0))
        _ = nodes.next()
        signatureAlgorithm = try Self.algorithm(&nodes) { identifier, _ in
            Self.signatures[identifier] ?? identifier.description
        }
        issuer = try DistinguishedName(derEncoded: Self.required(&nodes))
        _ = nodes.next()
        subject = try DistinguishedName(derEncoded: Self.required(&nodes))
        keyAlgorithm = try DER.sequence(Self.required(&nodes), identifier: .sequence) { key in
            let (identifier, parameters) = try Self.algorithm(&key) { ($0, $1) }
            let bits = try ASN1BitString(derEncoded: &key)
            return Self.name(identifier, parameters, bits)
        }
        var extensions: [Certificate.Extension] = []
        while let node = nodes.next() {
            guard node.identifier == ASN1Identifier(tagWithNumber: 3, tagClass: .contextSpecific),
                case .constructed(let inner) = node.content
            else { continue }
            for list in inner {
                extensions = try DER.sequence(
                    of: Certificate.Extension.self, identifier: .sequence, rootNode: list)
            }
        }
        self.extensions = extensions
    }

    private static func required(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw ASN1Error.truncatedASN1Field() }
        return node
    }

    private static func algorithm<Result>(
        _ nodes: inout ASN1NodeCollection.Iterator, _ read: (ASN1ObjectIdentifier, ASN1Any?) -> Result
    ) throws -> Result {
        try DER.sequence(required(&nodes), identifier: .sequence) { nodes in
            let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
            return read(identifier, nodes.next().map { ASN1Any(derEncoded: $0) })
        }
    }

    private static func name(
        _ identifier: ASN1ObjectIdentifier, _ parameters: ASN1Any?, _ key: ASN1BitString
    ) -> String {
        switch identifier {
        case ellipticCurve:
            let curve = parameters.flatMap { try? ASN1ObjectIdentifier(asn1Any: $0) }
            return curve.map { curves[$0] ?? "EC \($0)" } ?? "EC"
        case rsa:
            let modulus = try? DER.sequence(DER.parse(Array(key.bytes)), identifier: .sequence) { nodes in
                let modulus = try ArraySlice<UInt8>(derEncoded: &nodes)
                while nodes.next() != nil {}
                return modulus
            }
            let bits = modulus?.drop { $0 == 0 }
            return bits.map { "RSA \($0.count * 8 - ($0.first?.leadingZeroBitCount ?? 0))" } ?? "RSA"
        default: return identifier.description
        }
    }
}
