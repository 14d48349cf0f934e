import Foundation
import HufuServer
import ShangMi

/// A key in a file, in any of the forms that people have: PEM, DER, or the bare number in binary, hexadecimal or
/// Base64.
enum SM2KeyFile {
    static func privateKey<Use>(_ path: String, passwordFile: String?) throws -> SM2.PrivateKey<Use> {
        try privateKey(try ByteFiles.data(of: path), passwordFile)
    }

    private static func privateKey<Use>(_ data: Data, _ passwordFile: String?) throws -> SM2.PrivateKey<Use> {
        let text = String(decoding: data, as: UTF8.self)
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            let password = try SecretInput.read("password", file: passwordFile)
            return try SM2.PrivateKey(pemRepresentation: text, password: Array(password.utf8))
        }
        if text.contains("-----BEGIN ") { return try SM2.PrivateKey(pemRepresentation: text) }
        guard let number = bare(data, lengths: [32, 33]) else {
            do { return try SM2.PrivateKey(derRepresentation: data) } catch {
                guard isEncrypted(data) else { throw error }
                let password = try SecretInput.read("password", file: passwordFile)
                return try SM2.PrivateKey(encryptedDERRepresentation: data, password: Array(password.utf8))
            }
        }
        return try SM2.PrivateKey(rawRepresentation: number)
    }

    /// Also from a private key's file, where that is what there is.
    static func publicKey<Use>(_ path: String, passwordFile: String?) throws -> SM2.PublicKey<Use> {
        let data = try ByteFiles.data(of: path)
        let text = String(decoding: data, as: UTF8.self)
        if text.contains("PRIVATE KEY-----") {
            let key: SM2.PrivateKey<Use> = try privateKey(data, passwordFile)
            return key.publicKey
        }
        if text.contains("-----BEGIN ") { return try SM2.PublicKey(pemRepresentation: text) }
        guard let bytes = bare(data, lengths: [32, 33, 64, 65]) else {
            if let publicKey = try? SM2.PublicKey<Use>(derRepresentation: data) { return publicKey }
            return try privateKey(data, passwordFile).publicKey
        }
        switch bytes.count {
        case 32: return try SM2.PrivateKey<Use>(rawRepresentation: bytes).publicKey
        case 33: return try SM2.PublicKey(compressedRepresentation: bytes)
        case 64: return try SM2.PublicKey(rawRepresentation: bytes)
        default: return try SM2.PublicKey(x963Representation: bytes)
        }
    }

    /// EncryptedPrivateKeyInfo names PBES2 (1.2.840.113549.1.5.13) near its beginning.
    private static func isEncrypted(_ data: Data) -> Bool {
        data.prefix(24).range(of: Data([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D])) != nil
    }

    private static func bare(_ data: Data, lengths: [Int]) -> [UInt8]? {
        // What reads as hexadecimal is that: 64 digits and a line feed are 65 bytes as well.
        if let bytes = ByteForm.hex.decode(data) { return lengths.contains(bytes.count) ? bytes : nil }
        return [ByteForm.base64, .binary].lazy.compactMap { $0.decode(data) }
            .first { lengths.contains($0.count) }
    }
}
