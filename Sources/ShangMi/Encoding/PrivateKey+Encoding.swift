extension SM2.PrivateKey {
    /// PKCS#8 (RFC 5958) or SEC1 (RFC 5915) in DER. A public key inside must be this key's.
    public init(derRepresentation: some Sequence<UInt8>) throws(ShangMiError) {
        var bytes = Array(derRepresentation)
        defer { bytes.wipe() }
        self.init(try PrivateKeyInfo.decode(bytes))
    }

    /// A `PRIVATE KEY` or `EC PRIVATE KEY` block; what stands around it is skipped.
    public init(pemRepresentation: String) throws(ShangMiError) {
        var block = try PEM(pemRepresentation, labels: PrivateKeyLabel.unencrypted)
        defer { block.wipe() }
        try self.init(derRepresentation: block.bytes)
    }

    /// An `ENCRYPTED PRIVATE KEY` block: PBES2 with PBKDF2 and SM4-CBC.
    ///
    /// Other ciphers are refused with `unsupportedAlgorithm`; `openssl pkcs8 -topk8 -v2 sm4-cbc` converts.
    public init(
        pemRepresentation: String, password: some Sequence<UInt8>
    ) throws(ShangMiError) {
        let block = try PEM(pemRepresentation, labels: [PrivateKeyLabel.encrypted])
        try self.init(encryptedDERRepresentation: block.bytes, password: password)
    }

    /// The bytes of an `ENCRYPTED PRIVATE KEY` block.
    public init(
        encryptedDERRepresentation: some Sequence<UInt8>, password: some Sequence<UInt8>
    ) throws(ShangMiError) {
        let info = try EncryptedPrivateKeyInfo(Array(encryptedDERRepresentation))
        var password = Array(password)
        defer { password.wipe() }
        self.init(try info.decrypted(password: password))
    }

    /// PKCS#8 with the public key inside. The caller's to guard.
    public var derRepresentation: [UInt8] { PrivateKeyInfo.encode(material) }

    /// A `PRIVATE KEY` block. The caller's to guard.
    public var pemRepresentation: String {
        PEM(label: PrivateKeyLabel.plain, bytes: derRepresentation).text
    }

    /// An `ENCRYPTED PRIVATE KEY` block under a password, with SM4-CBC.
    ///
    /// - Parameters:
    ///   - password: its bytes, such as `"…".utf8`.
    ///   - hash: the function of PBKDF2.
    ///   - iterations: 1…10,000,000; every one costs a guesser as much as the owner.
    /// - Precondition: `iterations` is in that range.
    public func encryptedPEMRepresentation(
        password: some Sequence<UInt8>, hash: SM2.PasswordHash = .hmacSHA256, iterations: Int = 600_000
    ) throws(ShangMiError) -> String {
        let bytes = try encryptedDERRepresentation(password: password, hash: hash, iterations: iterations)
        return PEM(label: PrivateKeyLabel.encrypted, bytes: bytes).text
    }

    /// The bytes of ``encryptedPEMRepresentation(password:hash:iterations:)``.
    public func encryptedDERRepresentation(
        password: some Sequence<UInt8>, hash: SM2.PasswordHash = .hmacSHA256, iterations: Int = 600_000
    ) throws(ShangMiError) -> [UInt8] {
        var password = Array(password)
        defer { password.wipe() }
        return try EncryptedPrivateKeyInfo(
            material, password: password, hash: hash, iterations: iterations
        ).encoded
    }
}

private enum PrivateKeyLabel {
    static let plain = "PRIVATE KEY"
    /// The last is what OpenSSL 3.0's `ec` calls SEC1.
    static let unencrypted = [plain, "EC PRIVATE KEY", "SM2 PRIVATE KEY"]
    static let encrypted = "ENCRYPTED PRIVATE KEY"
}
