import ArgumentParser
import ShangMi

enum SM4Mode: String, ExpressibleByArgument, CaseIterable {
    case ecb, cbc, ctr, gcm, ccm

    var ivLengths: ClosedRange<Int> {
        switch self {
        case .ecb: 0...0
        case .cbc, .ctr: 16...16
        case .gcm: 12...12
        case .ccm: 7...13
        }
    }
}

/// One message under one key, in any mode; with gcm and ccm the tag stands behind the ciphertext.
struct SM4Cipher {
    let mode: SM4Mode
    let key: SM4.Key
    let iv: [UInt8]
    var additional: [UInt8] = []
    var tagLength = 16
    var padding = SM4.Padding.pkcs7

    init(mode: SM4Mode, key: SM4.Key, iv: [UInt8]) {
        self.mode = mode
        self.key = key
        self.iv = iv
    }

    func encrypt(_ plaintext: [UInt8]) throws -> [UInt8] {
        switch mode {
        case .ecb: return try SM4.ECB.encrypt(plaintext, using: key, padding: padding)
        case .cbc: return try SM4.CBC.encrypt(plaintext, using: key, iv: try SM4.IV(iv), padding: padding)
        case .ctr: return SM4.CTR.apply(plaintext, using: key, iv: try SM4.IV(iv))
        case .gcm:
            let box = try SM4.GCM.seal(
                plaintext, using: key, nonce: try SM4.GCM.Nonce(iv), authenticating: additional)
            return box.ciphertext + box.tag
        case .ccm:
            let box = try SM4.CCM.seal(
                plaintext, using: key, nonce: try SM4.CCM.Nonce(iv), authenticating: additional,
                tagByteCount: tagLength)
            return box.ciphertext + box.tag
        }
    }

    func decrypt(_ ciphertext: [UInt8]) throws -> [UInt8] {
        let text = Array(ciphertext.dropLast(tagLength))
        let tag = Array(ciphertext.suffix(tagLength))
        switch mode {
        case .ecb: return try SM4.ECB.decrypt(ciphertext, using: key, padding: padding)
        case .cbc: return try SM4.CBC.decrypt(ciphertext, using: key, iv: try SM4.IV(iv), padding: padding)
        case .ctr: return SM4.CTR.apply(ciphertext, using: key, iv: try SM4.IV(iv))
        case .gcm:
            let box = try SM4.GCM.SealedBox(nonce: try SM4.GCM.Nonce(iv), ciphertext: text, tag: tag)
            return try SM4.GCM.open(box, using: key, authenticating: additional)
        case .ccm:
            let box = try SM4.CCM.SealedBox(nonce: try SM4.CCM.Nonce(iv), ciphertext: text, tag: tag)
            return try SM4.CCM.open(box, using: key, authenticating: additional)
        }
    }
}
