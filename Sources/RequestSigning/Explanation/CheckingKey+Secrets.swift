internal import Crypto

extension CheckingKey {
    static func secretVariants(_ secret: SymmetricKey, _ scheme: Scheme) -> [CheckVariant] {
        if scheme == .tokenDigest { return tokenVariants(secret) }
        let due: CheckVariant =
            scheme == .hmacSHA1
            ? mac("hmac-sha1", Insecure.SHA1.self, secret, nil) : mac("hmac-sha256", SHA256.self, secret, nil)
        let others: [CheckVariant] = [
            mac("hmac-sha256", SHA256.self, secret, hash("SHA-256")),
            mac("hmac-sha1", Insecure.SHA1.self, secret, hash("SHA-1")),
            mac("hmac-sha512", SHA512.self, secret, hash("SHA-512")),
            mac("hmac-md5", Insecure.MD5.self, secret, hash("MD5")),
        ]
        return [due] + others.filter { $0.name != due.name } + misread(secret, scheme) + plain(secret)
    }

    /// Digests are compared in constant time, as `Digest` does it.
    private static func tokenVariants(_ token: SymmetricKey) -> [CheckVariant] {
        [
            CheckVariant("sha256") { SHA256.hash(data: $1) == $0 },
            CheckVariant("sha1", hash("SHA-1")) { Insecure.SHA1.hash(data: $1) == $0 },
            CheckVariant("md5", hash("MD5")) { Insecure.MD5.hash(data: $1) == $0 },
            CheckVariant("sha512", hash("SHA-512")) { SHA512.hash(data: $1) == $0 },
            mac(
                "hmac", SHA256.self, token,
                BilingualText(
                    "用了 HMAC，应为对含令牌的文本做 SHA-256",
                    "HMAC was taken where SHA-256 over a text with the token is due")),
        ]
    }

    /// The secret taken as other bytes than it is: its hex or Base64 text for itself, a line end of the file
    /// it was in.
    private static func misread(_ secret: SymmetricKey, _ scheme: Scheme) -> [CheckVariant] {
        let bytes = secret.withUnsafeBytes { Array($0) }
        let text = String(decoding: bytes, as: UTF8.self)
        let asText = BilingualText(
            "密钥的十六进制或 Base64 文本被直接当成密钥", "The secret's hex or Base64 text was taken for the secret itself")
        let asBytes = BilingualText(
            "密钥文本被当成十六进制或 Base64 解码了", "The secret's text was decoded as hex or Base64, which it isn't")
        let lineEnd = BilingualText(
            "密钥末尾多了换行，或少了空白", "The secret has a line end too many, or lost white space")
        var readings: [(String, [UInt8], BilingualText)] = [
            ("hex", Array(HexText.encode(bytes).utf8), asText),
            ("HEX", Array(HexText.encode(bytes, uppercase: true).utf8), asText),
            ("base64", Array(SignatureText.base64(bytes).utf8), asText),
            ("lf", bytes + [0x0a], lineEnd), ("crlf", bytes + [0x0d, 0x0a], lineEnd),
            ("trimmed", Array(WhiteSpace.ascii.trimmed(text).utf8), lineEnd),
        ]
        readings += BinaryText.spellings(of: text).map { ("decoded-\($0.form)", $0.bytes, asBytes) }
        return readings.map { name, bytes, told in
            let key = SymmetricKey(data: bytes)
            return scheme == .hmacSHA1
                ? mac("key-\(name)", Insecure.SHA1.self, key, told)
                : mac("key-\(name)", SHA256.self, key, told)
        }
    }

    private static func plain(_ secret: SymmetricKey) -> [CheckVariant] {
        let told = BilingualText(
            "用了摘要拼接密钥，应为 HMAC", "A digest over text and secret was taken where HMAC is due")
        return [
            CheckVariant("digest-text-secret", told) { signature, text in
                secret.withUnsafeBytes { SHA256.hash(data: text + Array($0)) == signature }
            },
            CheckVariant("digest-secret-text", told) { signature, text in
                secret.withUnsafeBytes { SHA256.hash(data: Array($0) + text) == signature }
            },
        ]
    }

    private static func mac<Hash: HashFunction>(
        _ name: String, _: Hash.Type, _ key: SymmetricKey, _ told: BilingualText?
    ) -> CheckVariant {
        CheckVariant(name, told) { HMAC<Hash>.isValidAuthenticationCode($0, authenticating: $1, using: key) }
    }

    private static func hash(_ name: String) -> BilingualText {
        BilingualText("摘要算法用了 \(name)", "The digest taken was \(name)")
    }
}
