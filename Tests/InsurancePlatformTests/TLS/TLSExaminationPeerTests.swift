import Foundation
import InsurancePlatform
import NIOCore
import RequestSigning
import Testing

/// What stands on the port, what it asks of the client, and who is in between.
@Suite("Examining what is on a TLS port", .timeLimit(.minutes(10)))
struct TLSExaminationPeerTests {
    private func options(_ files: TLSFiles = TLSFiles()) throws -> TLSExaminationOptions {
        var options = try TLSExaminationOptions(files: files, now: Int64(Date().timeIntervalSince1970 * 1000))
        options.handshakeTimeout = 2000
        return options
    }

    @Test("a name without address, and a port on which nothing listens")
    func unreachable() async throws {
        let nowhere = await TLSExamination.run(host: "nowhere.invalid", port: 443, options: try options())
        #expect(nowhere.findings.map(\.fault) == [.nameNotResolved])
        #expect(nowhere.steps.map(\.state) == [.failed] + Array(repeating: .skipped, count: 9))
        let closed = await TLSExamination.run(
            host: "127.0.0.1", port: try await TestPorts.closed(), options: try options())
        #expect(closed.findings.map(\.fault) == [.connectionRefused])
    }

    @Test(
        "plain HTTP, SSH, and a server that waits for plain HTTP",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\n\r\n", false, TLSFault.plainHTTP),
            ("SSH-2.0-OpenSSH_9.2\r\n", false, .notTLS),
            ("HTTP/1.1 200 OK\r\n\r\n", true, .plainHTTP),
        ])
    func notTLS(answer: String, waits: Bool, fault: TLSFault) async throws {
        let port = try await TestPorts.answering { bytes in
            // A TLS record begins with 22.
            waits && bytes.first == 22 ? nil : Array(answer.utf8)
        }
        let report = await TLSExamination.run(
            host: "127.0.0.1", port: port.localAddress?.port ?? 0, options: try options())
        #expect(report.findings.map(\.fault) == [fault])
        #expect(report.findings[0].detail.english.contains(answer.prefix(8)))
        try await port.close().get()
    }

    @Test("a silent port, and one that closes")
    func silent() async throws {
        let silent = try await TestPorts.answering { _ in nil }
        let report = await TLSExamination.run(
            host: "127.0.0.1", port: silent.localAddress?.port ?? 0, options: try options())
        #expect(report.findings.map(\.fault) == [.handshakeTimeout])
        try await silent.close().get()
        let closing = try await TestPorts.answering { _ in [] }
        let closed = await TLSExamination.run(
            host: "127.0.0.1", port: closing.localAddress?.port ?? 0, options: try options())
        #expect(closed.findings.map(\.fault) == [.closedInHandshake])
        try await closing.close().get()
    }

    @Test("a server of TLS 1.1 alone, and one without a common suite")
    func protocols() async throws {
        let folder = try await OpenSSLFolder.sound()
        let old = try await OpenSSLServer.start(folder, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let report = try await folder.examine(old)
        #expect(report.findings.map(\.fault) == [.oldProtocol])
        #expect(report.chain.count == 2)
        let odd = try await OpenSSLServer.start(
            folder, ["-tls1_2", "-cipher", "ECDHE-ECDSA-ARIA256-GCM-SHA384"])
        #expect(try await folder.examine(odd).findings.map(\.fault) == [.noCommonParameters])
    }

    @Test("SM2 in the chain of a standard TLS server")
    func sm2Chain() async throws {
        let folder = try OpenSSLFolder()
        var root = TestCertificate.root()
        root.curve = "SM2"
        var intermediate = TestCertificate.intermediate()
        intermediate.curve = "SM2"
        try await folder.make(root, intermediate, .leaf())
        let report = try await folder.examine(try await OpenSSLServer.start(folder))
        #expect(report.findings.map(\.fault) == [.sm2Certificate], "\(report)")
        #expect(report.chain.map(\.keyAlgorithm) == ["EC P-256", "SM2"])
        #expect(report.chain.map(\.signatureAlgorithm) == ["SM3 with SM2", "SM3 with SM2"])
    }

    @Test(
        "a TLCP server, an SM2 server certificate in TLS 1.2, and the SM suites of TLS 1.3", arguments: 0..<3)
    func shangMi(kind: Int) async throws {
        let folder = try OpenSSLFolder()
        var root = TestCertificate.root()
        root.curve = "SM2"
        var leaf = TestCertificate.leaf("leaf", issuer: "root")
        leaf.curve = "SM2"
        try await folder.make(root, leaf)
        try await folder.openssl(["x509", "-in", "leaf.pem", "-outform", "DER", "-out", "leaf.der"])
        let certificate = try folder.bytes("leaf.der")
        // openssl itself serves none of these, so the answers are written out: to the fitting hello alone.
        let port = try await TestPorts.answering { hello in
            let hasSMSuiteAlone = hello.indices.contains(47) && Array(hello[44...47]) == [0, 4, 0, 0xC6]
            let version: [UInt8] = Array(hello[9...10])
            switch kind {
            case 0 where version == [1, 1]:
                return ServerFlight.bytes(version, [0xE0, 0x13], [certificate, certificate])
            case 1 where version == [3, 3] && !hasSMSuiteAlone:
                return ServerFlight.bytes(version, [0xE0, 0x11], [certificate])
            case 2 where hasSMSuiteAlone: return ServerFlight.bytes(version, [0, 0xC6], [])
            // handshake_failure
            default: return [21, 3, 3, 0, 2, 2, 40]
            }
        }
        let files = TLSFiles(roots: [folder.file("root.pem")])
        let report = await TLSExamination.run(
            host: "localhost", port: port.localAddress?.port ?? 0, options: try options(files))
        #expect(report.findings.map(\.fault) == [kind == 0 ? .tlcpServer : .sm2Certificate], "\(report)")
        #expect(report.chain.count == [2, 1, 0][kind])
        #expect(report.chain.allSatisfy { $0.usesSM2 })
        try await port.close().get()
    }

    @Test(
        "a client certificate that is required, refused, asked for or taken",
        arguments: ["-tls1_2", "-tls1_3"])
    func clientCertificate(version: String) async throws {
        let folder = try await OpenSSLFolder.sound()
        try await folder.make(
            .leaf("client", issuer: "root", TestCertificate.client), .root("otherRoot"),
            .leaf("other", issuer: "otherRoot", TestCertificate.client))
        let client = TLSFiles.Identity.pem(
            certificate: folder.file("client.pem"), key: folder.file("client.key"))
        let other = TLSFiles.Identity.pem(
            certificate: folder.file("other.pem"), key: folder.file("other.key"))
        let strict = try await OpenSSLServer.start(
            folder, [version, "-Verify", "2", "-CAfile", "root.pem", "-verify_return_error"])
        #expect(try await folder.examine(strict).findings.map(\.fault) == [.clientCertificateRequired])
        #expect(try await folder.examine(strict, identity: client).verdict == .sound)
        let refused = try await folder.examine(strict, identity: other)
        #expect(refused.findings.map(\.fault) == [.clientCertificateRefused])
        #expect(refused.findings[0].detail.english.contains("CN=Test other"))
        let asking = try await OpenSSLServer.start(folder, [version, "-verify", "2", "-CAfile", "root.pem"])
        let asked = try await folder.examine(asking)
        #expect(asked.findings.map(\.fault) == [.clientCertificateAsked] && asked.verdict == .warning)
    }

    @Test("a proxy with its own CA is found by the certificate it makes for an invented name, or by its name")
    func proxy() async throws {
        let folder = try await OpenSSLFolder.sound()
        let names = ["subjectAltName=DNS:hufu-1.invalid"]
        try await folder.make(
            TestCertificate(name: "proxy", subject: "/CN=Plain Name", extensions: TestCertificate.authority),
            .leaf("seen", issuer: "proxy"), .leaf("made", issuer: "proxy", names),
            TestCertificate(
                name: "box", subject: "/CN=SANGFOR SSL CA", extensions: TestCertificate.authority),
            .leaf("boxed", issuer: "box"))
        let server = try await OpenSSLServer.start(
            folder, leaf: "seen", chain: ["proxy"],
            ["-servername", "hufu-1.invalid", "-cert2", "made.pem", "-key2", "made.key"])
        let report = try await folder.examine(server, inventedName: "hufu-1.invalid")
        #expect(report.findings.map(\.fault) == [.proxyInTheWay, .unknownRoot])
        #expect(report.findings[0].certainty == .proven)
        let named = try await folder.examine(try await OpenSSLServer.start(folder, leaf: "boxed", chain: []))
        #expect(named.findings.map(\.fault) == [.proxyInTheWay, .unknownRoot])
        #expect(named.findings[0].certainty == .likely)
    }

    @Test("every fault has a cause and a cure in both languages, and the report is JSON")
    func texts() async throws {
        for fault in TLSFault.allCases {
            for text in [fault.cause, fault.cure] {
                #expect(text.chinese.unicodeScalars.contains { 0x4E00...0x9FFF ~= $0.value }, "\(fault)")
                #expect(
                    text.english.unicodeScalars.allSatisfy { $0.isASCII } && text.english.count > 10,
                    "\(fault)")
            }
        }
        let folder = try await OpenSSLFolder.sound()
        let report = try await folder.examine(try await OpenSSLServer.start(folder, chain: []))
        let value = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json)) as? [String: Any])
        #expect(value["verdict"] as? String == "failed")
        let findings = try #require(value["findings"] as? [[String: Any]])
        #expect(findings.first?["fault"] as? String == "intermediate_missing")
        let chain = try #require(value["chain"] as? [[String: Any]])
        #expect(chain.first?["not_after"] as? String == "2099-01-01T00:00:00Z")
        #expect((chain.first?["sha256"] as? String)?.count == 64)
    }
}
