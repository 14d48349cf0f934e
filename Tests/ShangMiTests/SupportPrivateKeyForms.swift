import ShangMi

/// The encodings in DER that a private key is read from, made by hand (docs/formats/sm2.md).
struct PrivateKeyForms {
    /// All nine.
    let read: [[UInt8]]
    /// SEC1 that names no curve, and PKCS#8 with attributes.
    let refused: [[UInt8]]

    init(_ key: SM2.Signing.PrivateKey) {
        let number: [UInt8] = [0x02, 0x01, 0x01, 0x04, 0x20] + key.rawRepresentation
        let curve = bytes(hex: "a00a06082a811ccf5501822d")
        let points = [
            [], bytes(hex: "a144034200") + key.publicKey.x963Representation,
            bytes(hex: "a124032200") + key.publicKey.compressedRepresentation,
        ]
        let algorithm = bytes(hex: "020100301306072a8648ce3d020106082a811ccf5501822d")
        func length(_ count: Int) -> [UInt8] { count < 128 ? [UInt8(count)] : [0x81, UInt8(count)] }
        func sequence(_ content: [UInt8]) -> [UInt8] { [0x30] + length(content.count) + content }
        func info(_ inner: [UInt8], _ attributes: [UInt8] = []) -> [UInt8] {
            let octets = sequence(inner)
            return sequence(algorithm + [0x04] + length(octets.count) + octets + attributes)
        }
        read = points.flatMap {
            [info(number + $0), info(number + curve + $0), sequence(number + curve + $0)]
        }
        refused = points.map { sequence(number + $0) } + points.map { info(number + $0, [0xa0, 0x00]) }
    }
}
