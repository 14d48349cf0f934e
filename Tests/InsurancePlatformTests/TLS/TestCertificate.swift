/// What a test certificate is to say; `NAME.pem` and `NAME.key` come of it.
struct TestCertificate {
    var name: String
    var subject: String?
    /// Nil: signed by itself.
    var issuer: String?
    /// As openssl names curves, or `RSA`.
    var curve = "prime256v1"
    /// Lines of openssl's extension section.
    var extensions: [String]
    /// `YYYYMMDDHHMMSSZ`.
    var from = "20200101000000Z"
    var until = "20990101000000Z"

    static func root(_ name: String = "root", _ extensions: [String] = authority) -> TestCertificate {
        TestCertificate(name: name, extensions: extensions)
    }

    static func intermediate(
        _ extensions: [String] = authority, name: String = "intermediate", issuer: String = "root"
    ) -> TestCertificate {
        TestCertificate(name: name, issuer: issuer, extensions: extensions)
    }

    static func leaf(
        _ name: String = "leaf", issuer: String? = "intermediate", _ extensions: [String] = server
    ) -> TestCertificate {
        TestCertificate(name: name, issuer: issuer, extensions: extensions)
    }

    static let authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
    static let server = [
        "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
    ]
    static let client = [
        "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=clientAuth",
    ]
}
