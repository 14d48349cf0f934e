import Foundation

/// The parts of a sealed payload and their order on disk; knows no key. docs/formats/sealed-payload.md.
///
///     1 version (1) │ 1 length of key id │ key id │ 16 salt │ 12 nonce │ ciphertext │ 16 tag
struct SealedPayload {
    static let version: UInt8 = 1
    static let saltSize = 16
    static let nonceSize = 12
    static let tagSize = 16

    var keyID: String
    var salt: Data
    var nonce: Data
    var ciphertext: Data
    var tag: Data

    init(keyID: String, salt: Data, nonce: Data, ciphertext: Data, tag: Data) {
        self.keyID = keyID
        self.salt = salt
        self.nonce = nonce
        self.ciphertext = ciphertext
        self.tag = tag
    }

    /// - Returns: `nil` unless the bytes have this form; every form has exactly one encoding.
    init?(parsing bytes: Data) {
        var rest = bytes[...]
        func take(_ count: Int) -> Data? {
            guard rest.count >= count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Data(rest.prefix(count))
        }
        guard take(1)?.first == Self.version,
            let length = take(1)?.first, length > 0,
            let id = take(Int(length)), let keyID = String(validating: id, as: UTF8.self),
            let salt = take(Self.saltSize), let nonce = take(Self.nonceSize),
            rest.count >= Self.tagSize, let ciphertext = take(rest.count - Self.tagSize),
            let tag = take(Self.tagSize)
        else { return nil }
        self.init(keyID: keyID, salt: salt, nonce: nonce, ciphertext: ciphertext, tag: tag)
    }

    var encoded: Data {
        var bytes = Data([Self.version, UInt8(keyID.utf8.count)])
        bytes.append(contentsOf: keyID.utf8)
        for part in [salt, nonce, ciphertext, tag] { bytes.append(part) }
        return bytes
    }
}
