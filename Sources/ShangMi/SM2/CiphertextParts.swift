/// The three parts of a ciphertext.
struct CiphertextParts {
    let point: AffinePoint
    /// C3.
    let hash: UInt256
    /// C2, at least one byte.
    let masked: [UInt8]

    init(point: AffinePoint, hash: UInt256, masked: [UInt8]) {
        self.point = point
        self.hash = hash
        self.masked = masked
    }

    private init?(point: AffinePoint?, hash: ArraySlice<UInt8>, masked: ArraySlice<UInt8>) {
        guard let point, hash.count == SM3.byteCount, !masked.isEmpty else { return nil }
        self.init(point: point, hash: UInt256(bigEndian: Array(hash).span), masked: Array(masked))
    }

    /// Nil for what isn't a ciphertext in this format; there is no reason given, on purpose.
    init?(_ bytes: [UInt8], _ format: SM2.Encryption.Format) {
        if format == .asn1 {
            guard let parts = try? Self.parse(der: bytes) else { return nil }
            self = parts
            return
        }
        let pointSize: Int
        switch (format.hasPointPrefix, bytes.first) {
        case (false, _): pointSize = 64
        case (true, 0x04): pointSize = 65
        default: pointSize = 33
        }
        guard bytes.count > pointSize + SM3.byteCount else { return nil }
        let prefix: [UInt8] = format.hasPointPrefix ? [] : [0x04]
        let rest = bytes[pointSize...]
        self.init(
            point: try? AffinePoint(encoded: prefix + bytes[..<pointSize]),
            hash: format.hashIsLast ? rest.suffix(SM3.byteCount) : rest.prefix(SM3.byteCount),
            masked: format.hashIsLast ? rest.dropLast(SM3.byteCount) : rest.dropFirst(SM3.byteCount))
    }

    private static func parse(der bytes: [UInt8]) throws(ShangMiError) -> CiphertextParts? {
        var outer = DERReader(bytes)
        var reader = try outer.sequence()
        let x = try reader.integer()
        let y = try reader.integer()
        let hash = try reader.octets()
        let masked = try reader.octets()
        try reader.finish()
        try outer.finish()
        return CiphertextParts(point: AffinePoint(x: x, y: y), hash: hash, masked: masked)
    }

    func encoded(_ format: SM2.Encryption.Format, compressed: Bool) -> [UInt8] {
        let key = PublicKeyMaterial(point)
        let pointBytes = key.encoded(compressed: compressed)
        let hash = hash.bytes
        return switch format {
        case .c1c3c2: pointBytes + hash + masked
        case .c1c2c3: pointBytes + masked + hash
        case .bareC1C3C2: pointBytes.dropFirst() + hash + masked
        case .bareC1C2C3: pointBytes.dropFirst() + masked + hash
        case .asn1:
            DER.sequence(DER.integer(key.x), DER.integer(key.y), DER.octets(hash), DER.octets(masked))
        }
    }
}
