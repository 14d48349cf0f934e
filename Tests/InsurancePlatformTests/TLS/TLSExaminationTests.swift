import Foundation
import InsurancePlatform
import RequestSigning
import Testing

/// Each fault, at a real `openssl s_server` that has it.
@Suite("Examining a TLS server", .timeLimit(.minutes(10)))
struct TLSExaminationTests {
    /// The faults without the warnings.
    private func faults(_ report: TLSReport) -> [TLSFault] {
        report.findings.map(\.fault).filter { !$0.isWarning }
    }

    @Test("a sound server is found sound, by name and by address, over TLS 1.2 and 1.3")
    func sound() async throws {
        let folder = try await OpenSSLFolder.sound()
        for version in ["-tls1_2", "-tls1_3"] {
            let server = try await OpenSSLServer.start(folder, [version])
            for host in ["localhost", "127.0.0.1"] {
                let report = try await folder.examine(server, host: host)
                #expect(report.verdict == .sound && report.findings.isEmpty, "\(report)")
                #expect(report.version == (version == "-tls1_2" ? "TLS 1.2" : "TLS 1.3"))
                #expect(
                    report.chain.map(\.subject) == [
                        "CN=Test leaf,O=Made Up", "CN=Test intermediate,O=Made Up",
                    ])
                #expect(report.steps.map(\.name) == TLSStep.Name.allCases)
                #expect(report.steps.allSatisfy { $0.state == .ok })
            }
        }
    }

    @Test("an absent intermediate is told from an unknown root, and its AIA is named")
    func intermediateMissing() async throws {
        let folder = try OpenSSLFolder()
        let location = "authorityInfoAccess=caIssuers;URI:http://ca.example/intermediate.cer"
        try await folder.make(
            TestCertificate(
                name: "root", subject: "/O=Root Holder/CN=R", extensions: TestCertificate.authority),
            TestCertificate(
                name: "intermediate", subject: "/O=Other/CN=I", issuer: "root",
                extensions: TestCertificate.authority),
            .leaf("leaf", issuer: "intermediate", TestCertificate.server + [location]))
        let report = try await folder.examine(try await OpenSSLServer.start(folder, chain: []))
        #expect(faults(report) == [.intermediateMissing])
        #expect(report.findings[0].detail.english.contains("http://ca.example/intermediate.cer"))
        #expect(report.findings[0].detail.chinese.contains("http://ca.example/intermediate.cer"))
        // Without an AIA, the organization of a trusted root tells.
        let related = try await OpenSSLFolder.sound()
        #expect(
            faults(try await related.examine(try await OpenSSLServer.start(related, chain: []))) == [
                .intermediateMissing
            ]
        )
    }

    @Test("a root that is not trusted is unknown, whether it is served or not")
    func unknownRoot() async throws {
        let folder = try await OpenSSLFolder.sound()
        try await folder.make(
            TestCertificate(name: "other", subject: "/CN=Other", extensions: TestCertificate.authority))
        for chain in [["intermediate"], ["intermediate", "root"]] {
            let report = try await folder.examine(
                try await OpenSSLServer.start(folder, chain: chain), roots: ["other"])
            #expect(faults(report) == [.unknownRoot], "\(report)")
            #expect(report.findings[0].certainty == (chain.count == 2 ? .proven : .likely))
        }
    }

    @Test("a CA with a new key under its old name is told")
    func renewedRoot() async throws {
        let folder = try await OpenSSLFolder.sound()
        try FileManager.default.copyItem(atPath: folder.file("root.pem"), toPath: folder.file("old.pem"))
        try await folder.make(.root(), .intermediate(), .leaf())
        let report = try await folder.examine(try await OpenSSLServer.start(folder), roots: ["old"])
        #expect(faults(report) == [.wrongSignature])
    }

    @Test(
        "an issuer that may not issue is told, and the library refuses it too",
        arguments: [
            (
                ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,keyCertSign"],
                TLSFault.notAnAuthority
            ),
            ([], .notAnAuthority),
            (
                ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature"],
                .authorityKeyUsage
            ),
            (TestCertificate.authority + ["extendedKeyUsage=clientAuth"], .authorityKeyUsage),
            (
                TestCertificate.authority + ["nameConstraints=critical,permitted;DNS:example.org"],
                .nameConstraint
            ),
            (
                TestCertificate.authority + ["nameConstraints=critical,excluded;IP:127.0.0.0/255.0.0.0"],
                .nameConstraint
            ),
        ])
    func wrongIssuer(extensions: [String], fault: TLSFault) async throws {
        let folder = try OpenSSLFolder()
        try await folder.make(.root(), .intermediate(extensions), .leaf())
        let report = try await folder.examine(try await OpenSSLServer.start(folder))
        #expect(faults(report) == [fault], "\(report)")
        #expect(report.findings.first { $0.fault == fault }?.certificate == 1)
        #expect(report.steps.first { $0.name == .handshake }?.text == "CERTIFICATE_VERIFY_FAILED")
    }

    @Test("a chain longer than a CA permits is told")
    func pathTooLong() async throws {
        let folder = try OpenSSLFolder()
        let short = ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign"]
        try await folder.make(
            .root(), .intermediate(short, name: "upper"), .intermediate(issuer: "upper"), .leaf())
        let report = try await folder.examine(
            try await OpenSSLServer.start(folder, chain: ["intermediate", "upper"]))
        #expect(faults(report) == [.pathTooLong])
        #expect(report.findings[0].certificate == 2)
    }

    @Test("a server certificate that is none for servers is told")
    func wrongServerUsage() async throws {
        let folder = try OpenSSLFolder()
        let usage = ["subjectAltName=DNS:localhost", "extendedKeyUsage=clientAuth"]
        try await folder.make(.root(), .intermediate(), .leaf("leaf", issuer: "intermediate", usage))
        let report = try await folder.examine(try await OpenSSLServer.start(folder))
        #expect(faults(report) == [.serverKeyUsage], "\(report)")
        #expect(report.findings[0].detail.english.contains("clientAuth"))
    }

    @Test("an RSA key that may only encipher is sound where the suites allow it")
    func encipheringKey() async throws {
        let folder = try OpenSSLFolder()
        var leaf = TestCertificate.leaf(
            "leaf", ["subjectAltName=DNS:localhost", "keyUsage=critical,keyEncipherment"])
        leaf.curve = "RSA"
        try await folder.make(.root(), .intermediate(), leaf)
        let enciphering = try await OpenSSLServer.start(folder, ["-tls1_2", "-cipher", "AES256-GCM-SHA384"])
        let report = try await folder.examine(enciphering)
        #expect(report.verdict == .sound && report.chain[0].keyAlgorithm == "RSA 2048", "\(report)")
        // Left alone, openssl signs with it all the same, and the client refuses that.
        let signing = try await folder.examine(try await OpenSSLServer.start(folder))
        #expect(faults(signing) == [.serverKeyUsage] && signing.findings[0].certificate == 0)
        #expect(signing.findings[0].detail.english.contains("keyEncipherment"))
    }

    @Test("a certificate for another name is told, with the names it has")
    func nameMismatch() async throws {
        let folder = try OpenSSLFolder()
        try await folder.make(
            .root(), .intermediate(),
            .leaf("leaf", issuer: "intermediate", ["subjectAltName=DNS:platform.example,DNS:*.other.example"])
        )
        let server = try await OpenSSLServer.start(folder)
        let report = try await folder.examine(server)
        #expect(faults(report) == [.nameMismatch])
        #expect(report.findings[0].detail.english.contains("platform.example, *.other.example"))
        for name in ["platform.example", "PLATFORM.example", "a.other.example"] {
            #expect(try await folder.examine(server, serverName: name).verdict == .sound)
        }
        for name in ["a.b.other.example", "other.example", "127.0.0.1"] {
            #expect(faults(try await folder.examine(server, serverName: name)) == [.nameMismatch])
        }
    }

    @Test("an expired certificate and one not yet valid are told, in the leaf and above it")
    func times() async throws {
        let folder = try await OpenSSLFolder.sound()
        var past = TestCertificate.leaf("past")
        past.until = "20210101000000Z"
        var future = TestCertificate.leaf("future")
        future.from = "20980101000000Z"
        var pastIssuer = TestCertificate.intermediate(name: "old")
        pastIssuer.until = "20210101000000Z"
        try await folder.make(past, future, pastIssuer, .leaf("below", issuer: "old"))
        #expect(
            faults(try await folder.examine(try await OpenSSLServer.start(folder, leaf: "past"))) == [
                .expired
            ])
        #expect(
            faults(try await folder.examine(try await OpenSSLServer.start(folder, leaf: "future"))) == [
                .notYetValid
            ])
        let below = try await folder.examine(
            try await OpenSSLServer.start(folder, leaf: "below", chain: ["old"]))
        #expect(faults(below) == [.expired] && below.findings[0].certificate == 1)
    }

    @Test("an end within 30 days, and certificates out of order, are warnings")
    func warnings() async throws {
        let folder = try OpenSSLFolder()
        var leaf = TestCertificate.leaf()
        let soon = Date(timeIntervalSinceNow: 20 * 86_400).formatted(.iso8601).filter { $0.isNumber }
        leaf.until = soon + "Z"
        try await folder.make(.root(), .intermediate(name: "upper"), .intermediate(issuer: "upper"), leaf)
        let server = try await OpenSSLServer.start(folder, chain: ["upper", "intermediate"])
        let report = try await folder.examine(server)
        #expect(report.verdict == .warning)
        #expect(report.findings.map(\.fault) == [.wrongOrder, .expiresSoon], "\(report)")
    }
}

extension OpenSSLFolder {
    func examine(
        _ server: OpenSSLServer, host: String = "localhost", serverName: String? = nil,
        roots: [String] = ["root"], identity: TLSFiles.Identity? = nil, inventedName: String? = nil
    ) async throws -> TLSReport {
        let files = TLSFiles(identity: identity, roots: roots.map { file("\($0).pem") })
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        var options = try TLSExaminationOptions(files: files, now: now)
        options.serverName = serverName
        if let inventedName { options.inventedName = inventedName }
        return await TLSExamination.run(host: host, port: server.port, options: options)
    }
}
