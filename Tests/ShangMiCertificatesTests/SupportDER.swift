import Crypto
import ShangMi
import ShangMiCertificates
import SwiftASN1

/// One element of DER around the ones inside it.
func element(_ tag: UInt8, _ contents: [UInt8]...) -> [UInt8] {
    let content = contents.flatMap { $0 }
    precondition(content.count <= 0xffff)
    let length =
        content.count < 0x80
        ? [UInt8(content.count)]
        : content.count < 0x100
            ? [0x81, UInt8(content.count)] : [0x82, UInt8(content.count >> 8), UInt8(content.count & 0xff)]
    return [tag] + length + content
}

func identifier(_ identifier: ASN1ObjectIdentifier) throws -> [UInt8] {
    var coder = DER.Serializer()
    try coder.serialize(identifier)
    return coder.serializedBytes
}

/// The elements inside a sequence.
func elements(of bytes: [UInt8]) throws -> [[UInt8]] {
    try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
        var elements: [[UInt8]] = []
        while let node = nodes.next() { elements.append(Array(node.encodedBytes)) }
        return elements
    }
}

extension Holder {
    /// The certificate's DER with other content, signed again by its own key.
    ///
    /// - Parameters:
    ///   - change: gets the elements of TBSCertificate: version, serial number, algorithm, issuer, validity,
    ///     subject, key and extensions.
    ///   - algorithm: the one outside, unless it is to be the one inside.
    func reassembled(
        algorithm: [UInt8]? = nil, change: (inout [[UInt8]]) throws -> Void
    ) throws -> [UInt8] {
        var parts = try elements(of: certificate.tbsCertificateBytes)
        try change(&parts)
        let body = element(0x30, parts.flatMap { $0 })
        let signature = key.signature(for: body).derRepresentation
        return element(0x30, body, algorithm ?? parts[2], element(0x03, [0], signature))
    }
}

/// PKCS#12 files that no command makes, under the password “p” unless another is given.
enum HandmadeFile {
    private static let data: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 1]
    private static let sha256: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]
    static let p = [[UInt8]](repeating: [0, 0x70, 0, 0], count: 16).flatMap { $0 }
    private static let bagKinds: [UInt] = [1, 2, 840, 113549, 1, 12, 10, 1]

    /// A bag of one of the kinds 1…6.
    static func bag(_ kind: UInt, _ value: [UInt8], attributes: [UInt8] = []) throws -> [UInt8] {
        element(
            0x30, try identifier(ASN1ObjectIdentifier(elements: bagKinds + [kind])), element(0xa0, value),
            attributes)
    }

    static func contents(_ content: [UInt8], kind: ASN1ObjectIdentifier = data) throws -> [UInt8] {
        element(0x30, try identifier(kind), element(0xa0, content))
    }

    /// A file of bags in the clear, its code over one round.
    static func make(_ bags: [[UInt8]]) throws -> [UInt8] {
        try make(parts: [contents(element(0x04, element(0x30, bags.flatMap { $0 })))])
    }

    /// - Parameter password: in UTF-16, over and over up to 64 bytes.
    static func make(parts: [[UInt8]], password: [UInt8] = p) throws -> [UInt8] {
        let safe = element(0x30, parts.flatMap { $0 })
        let salt = (0..<64).map { UInt8($0) }
        let key = SHA256.hash(data: [UInt8](repeating: 3, count: 64) + salt + password)
        let code = Array(HMAC<SHA256>.authenticationCode(for: safe, using: SymmetricKey(data: Array(key))))
        return element(
            0x30, [2, 1, 3], try contents(element(0x04, safe)),
            element(
                0x30, element(0x30, element(0x30, try identifier(sha256)), element(0x04, code)),
                element(0x04, salt)))
    }
}
