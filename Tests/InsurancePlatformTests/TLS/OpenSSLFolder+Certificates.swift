import Foundation

extension OpenSSLFolder {
    /// Made by `openssl ca`, the only command that takes any dates.
    func make(_ certificates: TestCertificate...) async throws {
        for one in certificates { try await make(one) }
    }

    private func make(_ one: TestCertificate) async throws {
        let name = one.name
        let key = name + ".key"
        try await openssl(
            one.curve == "RSA"
                ? ["genrsa", "-out", key, "2048"]
                : ["ecparam", "-genkey", "-noout", "-name", one.curve, "-out", key])
        let digest = one.curve == "SM2" ? "sm3" : "sha256"
        let issuerIsSM2 = one.issuer.map { FileManager.default.fileExists(atPath: file("\($0).sm2")) }
        let isSM2Signed = issuerIsSM2 ?? (one.curve == "SM2")
        if one.curve == "SM2" { try write("", to: "\(name).sm2") }
        try write("", to: "\(name).index")
        try write(
            """
            [ca]
            default_ca = it
            [it]
            database = \(name).index
            new_certs_dir = .
            rand_serial = yes
            policy = any
            default_md = \(isSM2Signed ? "sm3" : "sha256")
            email_in_dn = no
            unique_subject = no
            preserve = yes
            [any]
            organizationName = optional
            commonName = optional
            [extensions]
            \((one.extensions + (one.extensions.isEmpty ? ["subjectKeyIdentifier=hash"] : [])).joined(separator: "\n"))
            [req]
            distinguished_name = any
            """, to: "\(name).cnf")
        try await openssl([
            "req", "-new", "-key", key, "-subj", one.subject ?? "/O=Made Up/CN=Test \(name)", "-utf8", "-out",
            "\(name).csr", "-\(digest)", "-config", "\(name).cnf",
        ])
        let signer =
            one.issuer.map { ["-cert", "\($0).pem", "-keyfile", "\($0).key"] }
            ?? ["-selfsign", "-keyfile", key]
        try await openssl(
            [
                "ca", "-batch", "-notext", "-utf8", "-config", "\(name).cnf", "-in", "\(name).csr", "-out",
                "\(name).pem", "-extensions", "extensions", "-startdate", one.from, "-enddate", one.until,
            ] + signer)
    }

    /// Root, intermediate and a server's certificate, as they should be; `chain.pem` is what a server serves.
    static func sound() async throws -> OpenSSLFolder {
        let folder = try OpenSSLFolder()
        try await folder.make(.root(), .intermediate(), .leaf())
        try folder.join(["leaf.pem", "intermediate.pem"], into: "chain.pem")
        return folder
    }
}
