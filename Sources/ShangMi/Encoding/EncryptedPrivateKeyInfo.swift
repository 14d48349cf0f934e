/// A private key under a password: PKCS#8 with PBES2 (RFC 8018, 6.2), PBKDF2 and SM4-CBC.
struct EncryptedPrivateKeyInfo {
    private let hash: SM2.PasswordHash
    private let salt: [UInt8]
    private let iterations: Int
    private let iv: [UInt8]
    private let ciphertext: [UInt8]

    /// Encrypts with a salt and an iv from the system's random generator.
    init(
        _ key: PrivateKeyMaterial, password: [UInt8], hash: SM2.PasswordHash, iterations: Int
    ) throws(ShangMiError) {
        precondition(
            (1...PasswordDerivation.highestIterationCount).contains(iterations),
            "PBKDF2 takes 1…10,000,000 iterations here")
        self.hash = hash
        self.iterations = iterations
        salt = SM4.IV().bytes
        let vector = SM4.IV()
        iv = vector.bytes
        let wrapping = try Self.key(password, salt, hash, iterations)
        var plaintext = PrivateKeyInfo.encode(key)
        defer { plaintext.wipe() }
        ciphertext = try SM4.CBC.encrypt(plaintext, using: wrapping, iv: vector)
    }

    /// Other schemes, functions and ciphers, AES among them, are refused with `unsupportedAlgorithm`.
    init(_ bytes: [UInt8]) throws(ShangMiError) {
        var outer = DERReader(bytes)
        var info = try outer.sequence()
        try outer.finish()
        var algorithm = try info.sequence()
        ciphertext = Array(try info.octets())
        try info.finish()

        try algorithm.expect(KnownIdentifier.passwordEncryption)
        var parameters = try algorithm.sequence()
        try algorithm.finish()
        var derivation = try parameters.sequence()
        var cipher = try parameters.sequence()
        try parameters.finish()

        try cipher.expect(KnownIdentifier.sm4CBC)
        iv = Array(try cipher.octets())
        try cipher.finish()

        try derivation.expect(KnownIdentifier.passwordDerivation)
        var pbkdf2 = try derivation.sequence()
        try derivation.finish()
        salt = Array(try pbkdf2.octets())
        iterations = try pbkdf2.smallInteger()
        guard (1...PasswordDerivation.highestIterationCount).contains(iterations) else {
            throw .invalidKeyEncoding
        }
        if pbkdf2.nextTag == DER.integer {
            guard try pbkdf2.smallInteger() == SM4.Key.byteCount else { throw .invalidKeyEncoding }
        }
        hash = try Self.readHash(&pbkdf2)
        try pbkdf2.finish()
    }

    /// The pseudorandom function, HMAC-SHA1 where none is named; its parameters are NULL or absent.
    private static func readHash(_ reader: inout DERReader) throws(ShangMiError) -> SM2.PasswordHash {
        guard !reader.isAtEnd else { return .hmacSHA1 }
        var function = try reader.sequence()
        let identifier = try function.objectIdentifier()
        guard let hash = SM2.PasswordHash.allCases.first(where: { identifier.elementsEqual($0.identifier) })
        else { throw .unsupportedAlgorithm }
        if !function.isAtEnd { try function.null() }
        try function.finish()
        return hash
    }

    var encoded: [UInt8] {
        // OpenSSL wants NULL behind HMAC-SHA256, as RFC 8018 has it; GmSSL wants nothing behind HMAC-SM3.
        let function = DER.sequence(
            DER.identifier(hash.identifier), hash == .hmacSM3 ? [] : DER.element(DER.null, []))
        let derivation = DER.sequence(
            DER.identifier(KnownIdentifier.passwordDerivation),
            DER.sequence(DER.octets(salt), DER.integer(iterations), hash == .hmacSHA1 ? [] : function))
        let cipher = DER.sequence(DER.identifier(KnownIdentifier.sm4CBC), DER.octets(iv))
        let scheme = DER.sequence(
            DER.identifier(KnownIdentifier.passwordEncryption), DER.sequence(derivation, cipher))
        return DER.sequence(scheme, DER.octets(ciphertext))
    }

    /// `incorrectPassword` for whatever comes out that is no key: who guesses passwords learns no more.
    func decrypted(password: [UInt8]) throws(ShangMiError) -> PrivateKeyMaterial {
        do {
            let key = try Self.key(password, salt, hash, iterations)
            var plaintext = try SM4.CBC.decrypt(ciphertext, using: key, iv: SM4.IV(iv))
            defer { plaintext.wipe() }
            return try PrivateKeyInfo.decode(plaintext)
        } catch {
            throw .incorrectPassword
        }
    }

    private static func key(
        _ password: [UInt8], _ salt: [UInt8], _ hash: SM2.PasswordHash, _ iterations: Int
    ) throws(ShangMiError) -> SM4.Key {
        var bytes = PasswordDerivation.derive(
            hash, password: password, salt: salt, iterations: iterations, byteCount: SM4.Key.byteCount)
        defer { bytes.wipe() }
        return try SM4.Key(bytes)
    }
}

extension DERReader {
    /// Reads an object identifier and refuses any but this one with `unsupportedAlgorithm`.
    fileprivate mutating func expect(_ identifier: [UInt8]) throws(ShangMiError) {
        guard try objectIdentifier().elementsEqual(identifier) else { throw .unsupportedAlgorithm }
    }
}
