internal import SwiftASN1

extension SM2Certificate {
    private static var label: String { "CERTIFICATE" }

    /// One `CERTIFICATE` block (RFC 7468); several are refused.
    public init(pemRepresentation: String) throws(SM2CertificateError) {
        let bytes = try PEMDocument.bytes(of: pemRepresentation, labels: [Self.label])
        try self.init(derRepresentation: bytes)
    }

    /// Every `CERTIFICATE` block of a text, in its order; blocks of other labels are skipped.
    public static func all(inPEM text: String) throws(SM2CertificateError) -> [SM2Certificate] {
        let blocks: [PEMDocument]
        do {
            blocks = try PEMDocument.parseMultiple(pemString: text)
        } catch {
            throw SM2CertificateError(error)
        }
        var certificates: [SM2Certificate] = []
        for block in blocks where block.discriminator == label {
            certificates.append(try SM2Certificate(derRepresentation: block.derBytes))
        }
        return certificates
    }

    public var pemRepresentation: String {
        PEMDocument(type: Self.label, derBytes: derRepresentation).pemString
    }
}
