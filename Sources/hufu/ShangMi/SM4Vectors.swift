import AuditLog
import ShangMi

/// Cases of SM4 in Wycheproof's form: authenticated encryption and plain modes.
enum SM4Vectors {
    private static let algorithms: [String: (mode: SM4Mode, padding: SM4.Padding)] = [
        "SM4-GCM": (.gcm, .none), "SM4-CCM": (.ccm, .none), "SM4-CTR": (.ctr, .none),
        "SM4-CBC": (.cbc, .none), "SM4-CBC-PKCS5": (.cbc, .pkcs7), "SM4-CBC-PKCS7": (.cbc, .pkcs7),
        "SM4-ECB": (.ecb, .none), "SM4-ECB-PKCS5": (.ecb, .pkcs7), "SM4-ECB-PKCS7": (.ecb, .pkcs7),
    ]

    /// A case holds when the ciphertext decrypts to the message and, encrypted again, is the same.
    static func verdict(_ algorithm: String, _ group: JSON, _ test: JSON) -> Bool? {
        guard let (mode, padding) = algorithms[algorithm.uppercased()], let key = test.bytes("key"),
            let message = test.bytes("msg"), let ciphertext = test.bytes("ct")
        else { return nil }
        let tag = test.bytes("tag") ?? []
        guard let key = try? SM4.Key(key) else { return false }
        var cipher = SM4Cipher(mode: mode, key: key, iv: test.bytes("iv") ?? [])
        cipher.additional = test.bytes("aad") ?? []
        cipher.tagLength = mode == .gcm || mode == .ccm ? tag.count : 0
        cipher.padding = padding
        guard let opened = try? cipher.decrypt(ciphertext + tag), opened == message else { return false }
        return (try? cipher.encrypt(message)) == ciphertext + tag
    }
}
