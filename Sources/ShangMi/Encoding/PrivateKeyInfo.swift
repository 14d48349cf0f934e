/// Private keys in DER: PKCS#8 (RFC 5958) and the ECPrivateKey inside it (RFC 5915), which also comes alone.
enum PrivateKeyInfo {
    private static let parametersTag: UInt8 = 0xa0
    private static let publicKeyTag: UInt8 = 0xa1

    /// PKCS#8 without attributes, the public key inside.
    static func encode(_ key: PrivateKeyMaterial) -> [UInt8] {
        var scalar = key.scalar.value.bytes
        var inner = DER.sequence(
            DER.integer(1), DER.octets(scalar),
            DER.element(publicKeyTag, DER.bits(key.publicKey.encoded(compressed: false))))
        defer {
            scalar.wipe()
            inner.wipe()
        }
        return DER.sequence(DER.integer(0), AlgorithmIdentifier.sm2Key, DER.octets(inner))
    }

    /// PKCS#8 or a bare ECPrivateKey, told apart by the version.
    ///
    /// What is read holds nothing but the key: PKCS#8's attributes are refused, so that no form loses a byte.
    static func decode(_ bytes: [UInt8]) throws(ShangMiError) -> PrivateKeyMaterial {
        var outer = DERReader(bytes)
        var info = try outer.sequence()
        try outer.finish()
        switch try info.smallInteger() {
        case 0:
            try AlgorithmIdentifier.readSM2Key(&info)
            var octets = try info.tagged(DER.octetString)
            try info.finish()
            var inner = try octets.sequence()
            try octets.finish()
            guard try inner.smallInteger() == 1 else { throw .invalidKeyEncoding }
            return try decodeKey(&inner, namesCurve: false)
        case 1: return try decodeKey(&info, namesCurve: true)
        default: throw .unsupportedAlgorithm
        }
    }

    /// What follows the version of an ECPrivateKey.
    ///
    /// - Parameter namesCurve: whether the curve must stand here, since nothing around says it.
    private static func decodeKey(
        _ reader: inout DERReader, namesCurve: Bool
    ) throws(ShangMiError) -> PrivateKeyMaterial {
        var scalar = Array(try reader.octets())
        defer { scalar.wipe() }
        guard scalar.count == UInt256.byteCount else { throw .invalidPrivateKey }
        if namesCurve || reader.nextTag == parametersTag {
            var parameters = try reader.tagged(parametersTag)
            guard parameters.nextTag == DER.objectIdentifier,
                try parameters.objectIdentifier().elementsEqual(KnownIdentifier.curve)
            else { throw .unsupportedAlgorithm }
            try parameters.finish()
        }
        let key = try PrivateKeyMaterial(checking: UInt256(bigEndian: scalar.span))
        if reader.nextTag == publicKeyTag {
            var tagged = try reader.tagged(publicKeyTag)
            let point = try AffinePoint(encoded: Array(tagged.bits()))
            try tagged.finish()
            // A key that brings another's public key would sign under a wrong Z.
            guard point.equals(key.publicKey.point) else { throw .invalidKeyEncoding }
        }
        try reader.finish()
        return key
    }
}
