extension AffinePoint {
    /// A point from 65 bytes with 04 or 33 bytes with 02 or 03 in front (GB/T 32918.1, 4.2.9).
    ///
    /// Refused with `invalidPoint`: infinity (00), the hybrid forms 06 and 07, coordinates not below p, and
    /// what lies off the curve.
    init(encoded bytes: [UInt8]) throws(ShangMiError) {
        let point: AffinePoint? =
            switch (bytes.first, bytes.count) {
            case (0x04, 65):
                AffinePoint(
                    x: UInt256(bigEndian: bytes.span.extracting(1..<33)),
                    y: UInt256(bigEndian: bytes.span.extracting(33..<65)))
            case (0x02, 33), (0x03, 33):
                AffinePoint(
                    x: UInt256(bigEndian: bytes.span.extracting(1..<33)), yIsOdd: bytes[0] == 0x03)
            default: nil
            }
        guard let point else { throw .invalidPoint }
        self = point
    }
}

extension PublicKeyMaterial {
    /// 65 bytes, or 33 if compressed.
    func encoded(compressed: Bool) -> [UInt8] {
        var bytes: [UInt8] = [compressed ? 0x02 | UInt8(y.w0 & 1) : 0x04]
        bytes.reserveCapacity(65)
        x.append(to: &bytes)
        if !compressed { y.append(to: &bytes) }
        return bytes
    }
}
