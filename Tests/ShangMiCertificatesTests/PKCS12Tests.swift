import ShangMi
import ShangMiCertificates
import Testing

@Suite("PKCS#12", .enabled(if: OpenSSLCommand.isPresent))
struct PKCS12Tests {
    private let openssl: OpenSSLCommand

    init() throws {
        openssl = try OpenSSLCommand()
        try openssl.makeRoot("alice")
    }

    /// A file of `alice`, few iterations deep.
    private func file(_ options: String..., password: String = "p@ss") throws -> [UInt8] {
        try openssl.run(
            [
                "pkcs12", "-export", "-inkey", "alice.key", "-in", "alice.pem", "-name", "爱丽丝", "-passout",
                "pass:\(password)", "-iter", "50", "-out", "f.p12",
            ] + options)
        return try openssl.bytes("f.p12")
    }

    private func expectAlice(in file: PKCS12) throws {
        let key = try #require(file.privateKeys.first)
        #expect(file.privateKeys.count == 1 && file.certificates.count == 1)
        let known = try SM2.Signing.PrivateKey(pemRepresentation: openssl.text("alice.key"))
        #expect(key.sm2SigningKey?.rawRepresentation == known.rawRepresentation)
        #expect(key.sm2EncryptionKey?.rawRepresentation == known.rawRepresentation)
        #expect(key.friendlyName == "爱丽丝")
        let certificate = try #require(file.certificates(for: key).first)
        #expect(certificate.friendlyName == "爱丽丝")
        #expect(certificate.localKeyID?.count == 20)
        #expect(
            try SM2Certificate(certificate) == SM2Certificate(pemRepresentation: openssl.text("alice.pem")))
    }

    @Test(
        "Every cipher opens, with every code",
        arguments: ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc", "sm4-cbc"],
        ["sha256", "sha384", "sha512", "sm3"])
    func algorithms(cipher: String, hash: String) throws {
        let bytes = try file("-keypbe", cipher, "-certpbe", cipher, "-macalg", hash)
        try expectAlice(in: PKCS12(derRepresentation: bytes, password: "p@ss"))
    }

    @Test("Certificates in the clear open too")
    func clear() throws {
        try expectAlice(
            in: PKCS12(derRepresentation: file("-certpbe", "NONE"), password: "p@ss"))
        try expectAlice(
            in: PKCS12(derRepresentation: file("-certpbe", "NONE", "-keypbe", "NONE"), password: "p@ss"))
    }

    @Test(
        "Passwords may be empty, long and in any script",
        arguments: ["", "密码 пароль 🔑", String(repeating: "x", count: 200)])
    func passwords(password: String) throws {
        let bytes = try file(password: password)
        try expectAlice(in: PKCS12(derRepresentation: bytes, password: password))
        #expect(throws: PKCS12Error.incorrectPassword) {
            try PKCS12(derRepresentation: bytes, password: password + "y")
        }
    }

    @Test("Keys of other algorithms come as PKCS#8")
    func otherKeys() throws {
        try openssl.run(
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "alice.key", "-subj", "/CN=RSA",
            "-out",
            "alice.pem")
        try openssl.run(
            "pkcs8", "-topk8", "-nocrypt", "-in", "alice.key", "-outform", "DER", "-out", "k.der")
        let read = try PKCS12(derRepresentation: file(), password: "p@ss")
        let key = try #require(read.privateKeys.first)
        #expect(try key.derRepresentation == openssl.bytes("k.der"))
        #expect(key.sm2SigningKey == nil && key.sm2EncryptionKey == nil)
        let error = #expect(throws: SM2CertificateError.self) { try SM2Certificate(read.certificates[0]) }
        #expect(error?.code == .unsupportedAlgorithm)
    }

    @Test("Authorities come along, and keys print as redacted")
    func chain() throws {
        try openssl.makeRoot("root")
        let bytes = try file("-certfile", "root.pem")
        let read = try PKCS12(derRepresentation: bytes, password: "p@ss")
        #expect(read.certificates.count == 2)
        let key = try #require(read.privateKeys.first)
        #expect(read.certificates(for: key).count == 1)
        let raw = try #require(key.sm2SigningKey).rawRepresentation
        // As an array prints them; two bytes alone would stand in some certificate by chance.
        let secret = raw.prefix(8).map { "\($0)" }.joined(separator: ", ")
        var dumped = ""
        dump(key, to: &dumped)
        for text in [dumped, "\(key)", String(reflecting: key), "\(read)"] {
            #expect(text.contains("redacted") && !text.contains(secret))
        }
    }

    @Test("A wrong password is one error, whatever is encrypted how", arguments: ["aes-256-cbc", "sm4-cbc"])
    func wrongPassword(cipher: String) throws {
        let bytes = try file("-keypbe", cipher, "-certpbe", cipher)
        for password in ["", "p@s", "p@ss ", "P@ss"] {
            #expect(throws: PKCS12Error.incorrectPassword) {
                try PKCS12(derRepresentation: bytes, password: password)
            }
        }
    }

    @Test("A wrong code refuses the file before anything is decrypted")
    func wrongCode() throws {
        var bytes = try file("-keypbe", "PBE-SHA1-3DES", "-macalg", "sha256")
        // The last but one of the code's bytes, before the salt and the count at the end.
        bytes[bytes.count - 15] ^= 1
        #expect(throws: PKCS12Error.incorrectPassword) {
            try PKCS12(derRepresentation: bytes, password: "p@ss")
        }
    }

    @Test(
        "Legacy algorithms are refused by name, with the way to convert",
        arguments: [
            ["-keypbe", "PBE-SHA1-3DES", "-macalg", "sha256"],
            ["-certpbe", "PBE-SHA1-3DES", "-macalg", "sha256"],
            ["-keypbe", "PBE-SHA1-2DES", "-macalg", "sha256"],
            ["-keypbe", "des-ede3-cbc", "-macalg", "sha256"],
            ["-macalg", "sha1"], ["-macalg", "md5"],
            ["-legacy"], ["-legacy", "-macalg", "sha256"],
            ["-legacy", "-certpbe", "PBE-SHA1-RC2-128", "-macalg", "sm3"],
            ["-legacy", "-keypbe", "PBE-MD5-DES", "-macalg", "sha256"],
        ])
    func legacy(options: [String]) throws {
        try openssl.run(
            [
                "pkcs12", "-export", "-inkey", "alice.key", "-in", "alice.pem", "-passout", "pass:p", "-out",
                "f.p12",
            ]
                + options)
        let error = #expect(throws: PKCS12Error.legacyAlgorithm) {
            try PKCS12(derRepresentation: openssl.bytes("f.p12"), password: "p")
        }
        let conversion = [
            ["pkcs12", "-legacy", "-in", "f.p12", "-nodes", "-out", "plain.pem"],
            ["pkcs12", "-export", "-in", "plain.pem", "-out", "new.p12"],
        ]
        for (arguments, option) in zip(conversion, ["-passin", "-passout"]) {
            let command = "openssl \(arguments.joined(separator: " "))"
            #expect("\(error ?? .malformed)".contains(command.replacing("f.p12", with: "old.p12")))
            try openssl.run(arguments + [option, "pass:p"])
        }
        let converted = try PKCS12(derRepresentation: openssl.bytes("new.p12"), password: "p")
        #expect(converted.privateKeys.first?.sm2SigningKey != nil)
    }

    @Test("Files without a code, with unknown algorithms or countless iterations are refused")
    func refusals() throws {
        let cases: [(PKCS12Error, [UInt8])] = [
            (.notAuthenticated, try file("-nomac")),
            (.unsupportedAlgorithm, try file("-keypbe", "camellia-256-cbc")),
            (.unsupportedAlgorithm, try file("-macalg", "sha3-256")),
            // 50 as it stands at the end, and as large and as small as it gets.
            (.excessiveIterations, try file().dropLast(3) + [2, 1, 0]),
            (.excessiveIterations, try file().dropLast(3) + [2, 1, 0xff]),
        ]
        for (error, bytes) in cases {
            #expect(throws: error) { try PKCS12(derRepresentation: bytes, password: "p@ss") }
        }
    }

    @Test("Ten million iterations are the most")
    func iterations() throws {
        // Two lengths around the code grow by three bytes with the count.
        for count: [UInt8] in [[0x00, 0x98, 0x96, 0x81], [0x7f, 0xff, 0xff, 0xff]] {
            var bytes = try file()
            let digest: [UInt8] = [0x30, 0x40, 0x30, 0x31, 0x30, 0x0d]
            let start = try #require(bytes.indices.last { bytes[$0...].starts(with: digest) })
            bytes[start + 1] += 3
            let total = Int(bytes[2]) << 8 | Int(bytes[3])
            (bytes[2], bytes[3]) = (UInt8((total + 3) >> 8), UInt8((total + 3) & 0xff))
            bytes = bytes.dropLast(3) + [2, 4] + count
            #expect(throws: PKCS12Error.excessiveIterations) {
                try PKCS12(derRepresentation: bytes, password: "p@ss")
            }
        }
    }

    @Test("Damaged files are errors and never trap")
    func damage() throws {
        let bytes = try file("-iter", "1")
        for count in stride(from: 0, to: bytes.count, by: 3) {
            #expect(throws: PKCS12Error.self) {
                try PKCS12(derRepresentation: bytes.prefix(count), password: "p@ss")
            }
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(throws: PKCS12Error.self, "byte \(index)") {
                try PKCS12(derRepresentation: changed, password: "p@ss")
            }
        }
    }
}
