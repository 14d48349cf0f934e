import AuditLog
import Foundation
import HufuServer
import ShangMi

/// Cases of SM2 signatures and public keys in Wycheproof's form.
enum SM2Vectors {
    static func verdict(_ algorithm: String, _ group: JSON, _ test: JSON) throws -> Bool? {
        guard algorithm == "SM2", let type = group["type"]?.string else { return nil }
        if type == "Sm2PublicKey" {
            guard let encoded = test.bytes("encoded") else { return nil }
            return (try? SM2.Signing.PublicKey(x963Representation: encoded)) != nil
                || (try? SM2.Signing.PublicKey(compressedRepresentation: encoded)) != nil
        }
        guard let point = group["publicKey"]?.bytes("uncompressed"), let signature = test.bytes("sig"),
            let key = try? SM2.Signing.PublicKey(x963Representation: point)
        else { return nil }
        let parsed: SM2.Signing.Signature?
        switch type {
        case "Sm2Verify", "Sm2DigestVerify": parsed = try? SM2.Signing.Signature(derRepresentation: signature)
        case "Sm2P1363Verify": parsed = try? SM2.Signing.Signature(rawRepresentation: signature)
        default: return nil
        }
        guard let parsed else { return false }
        if let digest = test.bytes("digest") { return key.isValidSignature(parsed, forDigest: digest) }
        guard let message = test.bytes("msg"), let id = group.bytes("userId"),
            let userID = try? SM2.UserID(id)
        else { return nil }
        return key.isValidSignature(parsed, for: message, userID: userID)
    }
}

extension JSON {
    /// A member that holds bytes in hexadecimal.
    func bytes(_ name: String) -> [UInt8]? {
        self[name]?.string.flatMap { Data(hexadecimal: $0) }.map(Array.init)
    }
}
