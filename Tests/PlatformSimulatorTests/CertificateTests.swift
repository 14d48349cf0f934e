import Foundation
import InsurancePlatform
import NIOSSL
import PlatformSimulator
import Testing

@Suite("Certificates of the sandbox", .timeLimit(.minutes(10)))
struct CertificateTests {
    @Test("a client certificate of another authority ends in the handshake, on both ports")
    func stranger() async throws {
        try await RunningSandbox.run { running in
            try await RunningSandbox.run { other in
                let files = other.addresses.files
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .file(running.addresses.files.authority)
                tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.clientCertificate).map {
                    .certificate($0)
                }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.clientKey, format: .pem))
                let configuration = tls
                let options = TransportOptions(
                    tls: { configuration }, credential: { "x" },
                    clock: { Int64(Date().timeIntervalSince1970 * 1000) })
                var short = options
                short.connect = .seconds(2)
                let rest = try RESTPlatform(site: running.client.site, options: short)
                let frames = try FramePlatform(site: running.client.site, options: short)
                for platform in [rest as any Platform, frames] {
                    let refused = await #expect(throws: PlatformFailure.self) {
                        try await platform.carry(
                            running.client.call(PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")))
                    }
                    #expect(refused != nil)
                }
                try await rest.shutDown()
                await frames.shutDown()
            }
            #expect(running.sandbox.traffic().contains { $0.face == "tls" })
            #expect(!running.sandbox.traffic().contains { $0.status == 200 })
        }
    }

    @Test("the client's PKCS#12 holds its certificate and key")
    func bundle() async throws {
        try await RunningSandbox.run { running in
            let files = running.addresses.files
            let passphrase = try String(contentsOfFile: files.clientBundlePassphrase, encoding: .utf8)
                .trimmingCharacters(in: .newlines)
            let bundle = try NIOSSLPKCS12Bundle(
                file: files.clientBundle, passphrase: Array(passphrase.utf8))
            let chain = try NIOSSLCertificate.fromPEMFile(files.clientCertificate)
            #expect(bundle.certificateChain == chain)
        }
    }

    @Test("a restart keeps the CA, the keys and the books")
    func restart() async throws {
        let directory = NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var kept: [String: Data?] = [:]
        func read(_ running: RunningSandbox) -> [String: Data?] {
            let files = running.addresses.files
            let paths =
                [files.authority, files.clientCertificate, files.clientBundle, files.clientSecret]
                + running.sandbox.signingKeyFiles.map(\.file)
            return Dictionary(
                uniqueKeysWithValues: paths.map { ($0, FileManager.default.contents(atPath: $0)) })
        }
        try await RunningSandbox.run(in: directory) { running in
            kept = read(running)
            let visit = try await Visit.open(running.client, running.person(1))
            _ = try await running.client.carry(Settlement(visit.request()))
        }
        let before = kept
        try await RunningSandbox.run(in: directory) { running in
            #expect(read(running) == before)
            let rows = try await running.sandbox.ledgerSettlements()
            #expect(rows.count == 1)
        }
    }
}
