internal import SwiftASN1

extension PEMDocument {
    /// The bytes of a text's only block, which must have the label.
    static func bytes(of text: String, labels: [String]) throws(SM2CertificateError) -> [UInt8] {
        let block: PEMDocument
        do {
            block = try PEMDocument(pemString: text)
        } catch {
            throw SM2CertificateError(error)
        }
        guard labels.contains(block.discriminator) else {
            throw SM2CertificateError(.malformed, "the block's label is \(block.discriminator)")
        }
        return block.derBytes
    }
}
