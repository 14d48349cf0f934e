internal import SwiftASN1

/// An algorithm and its parameters (RFC 5280, 4.1.1.2); swift-certificates keeps its own to itself.
struct AlgorithmIdentifier: DERImplicitlyTaggable, Hashable, Sendable {
    static var defaultIdentifier: ASN1Identifier { .sequence }

    let algorithm: ASN1ObjectIdentifier
    let parameters: ASN1Any?

    /// SM2 with SM3 as this library writes it: without parameters.
    static let sm2WithSM3 = AlgorithmIdentifier(algorithm: KnownIdentifier.sm2WithSM3, parameters: nil)

    init(algorithm: ASN1ObjectIdentifier, parameters: ASN1Any?) {
        (self.algorithm, self.parameters) = (algorithm, parameters)
    }

    init(derEncoded node: ASN1Node, withIdentifier identifier: ASN1Identifier) throws {
        self = try DER.sequence(node, identifier: identifier) { nodes in
            let algorithm = try ASN1ObjectIdentifier(derEncoded: &nodes)
            return AlgorithmIdentifier(
                algorithm: algorithm, parameters: nodes.next().map { ASN1Any(derEncoded: $0) })
        }
    }

    func serialize(into coder: inout DER.Serializer, withIdentifier identifier: ASN1Identifier) throws {
        try coder.appendConstructedNode(identifier: identifier) { coder in
            try coder.serialize(algorithm)
            if let parameters { try coder.serialize(parameters) }
        }
    }

    /// SM2 with SM3, without parameters or with the NULL that many authorities write.
    var isSM2WithSM3: Bool { algorithm == KnownIdentifier.sm2WithSM3 && hasNoParameters }

    var isSM2Key: Bool {
        guard algorithm == KnownIdentifier.ellipticCurveKey, let parameters else { return false }
        return (try? ASN1ObjectIdentifier(asn1Any: parameters)) == KnownIdentifier.sm2Curve
    }

    /// Absent, or NULL.
    var hasNoParameters: Bool {
        guard let parameters else { return true }
        return (try? ASN1Null(asn1Any: parameters)) != nil
    }
}
