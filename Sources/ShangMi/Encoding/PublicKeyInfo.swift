/// SubjectPublicKeyInfo (RFC 5480, clause 2) of an SM2 key.
enum PublicKeyInfo {
    static func encode(_ key: PublicKeyMaterial) -> [UInt8] {
        DER.sequence(AlgorithmIdentifier.sm2Key, DER.bits(key.encoded(compressed: false)))
    }

    /// Takes the one form that `encode` writes, with the point uncompressed: no key has two encodings.
    static func decode(_ bytes: [UInt8]) throws(ShangMiError) -> AffinePoint {
        var outer = DERReader(bytes)
        var info = try outer.sequence()
        try outer.finish()
        try AlgorithmIdentifier.readSM2Key(&info)
        let point = try info.bits()
        try info.finish()
        guard point.count == 65 else { throw .invalidPoint }
        return try AffinePoint(encoded: Array(point))
    }
}

/// The algorithm identifier of SM2 keys: id-ecPublicKey with the curve for a parameter.
enum AlgorithmIdentifier {
    static let sm2Key = DER.sequence(
        DER.identifier(KnownIdentifier.ellipticCurveKey), DER.identifier(KnownIdentifier.curve))

    /// Refuses other keys and curves, also those that spell their parameters out, with `unsupportedAlgorithm`.
    static func readSM2Key(_ reader: inout DERReader) throws(ShangMiError) {
        var algorithm = try reader.sequence()
        guard try algorithm.objectIdentifier().elementsEqual(KnownIdentifier.ellipticCurveKey),
            algorithm.nextTag == DER.objectIdentifier,
            try algorithm.objectIdentifier().elementsEqual(KnownIdentifier.curve)
        else { throw .unsupportedAlgorithm }
        try algorithm.finish()
    }
}
