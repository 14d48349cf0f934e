import Foundation
import InsurancePlatform
import NIOSSL
import Testing

@Suite("TLS material from files", .timeLimit(.minutes(10)))
struct TLSMaterialTests {
    private let now = Int64(Date().timeIntervalSince1970 * 1000)

    private func client(_ folder: OpenSSLFolder, roots: [String] = ["root.pem"]) -> TLSFiles {
        TLSFiles(
            identity: .pem(certificate: folder.file("client.pem"), key: folder.file("client.key")),
            roots: roots.map(folder.file))
    }

    private func folder() async throws -> OpenSSLFolder {
        let folder = try OpenSSLFolder()
        try await folder.make(
            .root(), .leaf("client", issuer: "root", TestCertificate.client),
            .leaf("next", issuer: "root", TestCertificate.client))
        return folder
    }

    private func code(_ files: TLSFiles, _ role: TLSMaterial.Role = .client) -> TLSMaterialError.Code? {
        do {
            _ = try TLSMaterial(files, role: role, now: now)
            return nil
        } catch { return error.code }
    }

    private func replace(_ name: String, by other: String, in folder: OpenSSLFolder) throws {
        try folder.write(try folder.text(other), to: name)
    }

    @Test("PEM, encrypted PEM and PKCS#12, with the passphrase in a file with or without a line end")
    func forms() async throws {
        let folder = try await folder()
        try await folder.make(.intermediate(), .leaf("deep", issuer: "intermediate", TestCertificate.client))
        try folder.write("correct horse\r\n", to: "pass")
        try folder.write("wrong", to: "wrong")
        try await folder.openssl([
            "ec", "-in", "client.key", "-aes256", "-passout", "pass:correct horse", "-out", "old.key",
        ])
        try await folder.openssl([
            "pkcs8", "-topk8", "-in", "client.key", "-v2", "aes256", "-passout", "pass:correct horse", "-out",
            "new.key",
        ])
        // The chain comes before its issuer's issuer, and the root with it.
        try folder.join(["root.pem", "intermediate.pem"], into: "issuers.pem")
        try await folder.openssl([
            "pkcs12", "-export", "-in", "deep.pem", "-inkey", "deep.key", "-certfile", "issuers.pem",
            "-passout",
            "pass:correct horse", "-out", "deep.p12",
        ])
        let roots = [folder.file("root.pem")]
        for key in ["client.key", "old.key", "new.key"] {
            let identity = TLSFiles.Identity.pem(
                certificate: folder.file("client.pem"), key: folder.file(key))
            #expect(code(TLSFiles(identity: identity, passphrase: folder.file("pass"), roots: roots)) == nil)
            let wrong = TLSFiles(identity: identity, passphrase: folder.file("wrong"), roots: roots)
            #expect(code(wrong) == (key == "client.key" ? nil : .noKey))
            #expect(code(TLSFiles(identity: identity, roots: roots)) == (key == "client.key" ? nil : .noKey))
        }
        let bundle = TLSFiles.Identity.pkcs12(folder.file("deep.p12"))
        let material = try TLSMaterial(
            TLSFiles(identity: bundle, passphrase: folder.file("pass"), roots: roots), role: .client, now: now
        )
        let names = try material.current.chain.map { CertificateFacts(der: try $0.toDERBytes())?.subject }
        #expect(names == ["CN=Test deep,O=Made Up", "CN=Test intermediate,O=Made Up"])
        #expect(
            code(TLSFiles(identity: bundle, passphrase: folder.file("wrong"), roots: roots))
                == .unreadableBundle)
        #expect(code(TLSFiles(identity: bundle, roots: roots)) == .unreadableBundle)
    }

    @Test("what can't work is refused at the start, each with its code")
    func refusals() async throws {
        let folder = try await folder()
        var past = TestCertificate.leaf("past", issuer: "root", TestCertificate.client)
        past.until = "20210101000000Z"
        var future = TestCertificate.leaf("future", issuer: "root", TestCertificate.client)
        future.from = "20980101000000Z"
        var pastRoot = TestCertificate.root("pastRoot")
        pastRoot.until = "20210101000000Z"
        try await folder.make(past, future, pastRoot, .leaf("server", issuer: "root"), .intermediate())
        try folder.join(["client.pem", "intermediate.pem"], into: "broken.pem")
        try folder.write("nothing", to: "empty.pem")
        func files(_ certificate: String, _ key: String, _ roots: [String] = ["root.pem"]) -> TLSFiles {
            TLSFiles(
                identity: .pem(certificate: folder.file(certificate), key: folder.file(key)),
                roots: roots.map(folder.file))
        }
        #expect(code(files("client.pem", "client.key")) == nil)
        #expect(code(files("absent.pem", "client.key")) == .unreadableFile)
        #expect(code(files("empty.pem", "client.key")) == .noCertificate)
        #expect(code(files("client.pem", "empty.pem")) == .noKey)
        #expect(code(files("client.pem", "next.key")) == .keyMismatch)
        #expect(code(files("past.pem", "past.key")) == .expired)
        #expect(code(files("future.pem", "future.key")) == .notYetValid)
        #expect(code(files("broken.pem", "client.key")) == .brokenChain)
        #expect(code(files("server.pem", "server.key")) == .wrongUsage)
        #expect(code(files("client.pem", "client.key"), .server) == .wrongUsage)
        #expect(code(files("client.pem", "client.key", [])) == .noRoots)
        #expect(code(files("client.pem", "client.key", ["client.pem"])) == .notAnAuthority)
        #expect(code(files("client.pem", "client.key", ["pastRoot.pem"])) == .expired)
        #expect(code(files("client.pem", "client.key", ["pastRoot.pem", "root.pem"])) == nil)
        #expect(code(TLSFiles(roots: [folder.file("root.pem")]), .server) == .noIdentity)
        #expect(code(TLSFiles(roots: [folder.file("root.pem")])) == nil)
    }

    @Test(
        "new files come into force, and files that don't match, have expired or don't load leave the old in force"
    )
    func reload() async throws {
        let folder = try await folder()
        let material = try TLSMaterial(client(folder), role: .client, now: now)
        #expect(material.reload(now: now) == .unchanged)
        // The certificate is there, its key comes later.
        try replace("client.pem", by: "next.pem", in: folder)
        let mismatch = TLSMaterialError(.keyMismatch, folder.file("client.pem"))
        #expect(material.reload(now: now) == .kept(mismatch))
        #expect(material.reload(now: now) == .stillKept(mismatch))
        #expect(material.current.generation == 1 && material.current.subject == "CN=Test client,O=Made Up")
        #expect(material.health(now: now).problem == mismatch)
        try replace("client.key", by: "next.key", in: folder)
        #expect(material.reload(now: now) == .replaced(generation: 2))
        #expect(material.current.subject == "CN=Test next,O=Made Up" && material.problem == nil)
        try FileManager.default.removeItem(atPath: folder.file("client.key"))
        #expect(
            material.reload(now: now) == .kept(TLSMaterialError(.unreadableFile, folder.file("client.key"))))
        try replace("client.key", by: "next.key", in: folder)
        #expect(material.reload(now: now) == .unchanged && material.problem == nil)
        // Roots count as much as the certificate.
        try await folder.make(.root("second"))
        try folder.join(["second.pem", "root.pem"], into: "both.pem")
        try replace("root.pem", by: "both.pem", in: folder)
        #expect(material.reload(now: now) == .replaced(generation: 3))
        #expect(material.current.roots.count == 2)
    }

    @Test("a Kubernetes volume is swapped by its ..data link")
    func kubernetes() async throws {
        let folder = try await folder()
        let manager = FileManager.default
        for (name, source) in [("..1", "client"), ("..2", "next")] {
            try manager.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
            for end in ["pem", "key"] {
                try manager.copyItem(
                    atPath: folder.file("\(source).\(end)"), toPath: folder.file("\(name)/tls.\(end)"))
            }
        }
        try manager.createSymbolicLink(atPath: folder.file("..data"), withDestinationPath: "..1")
        for end in ["pem", "key"] {
            try manager.createSymbolicLink(
                atPath: folder.file("tls.\(end)"), withDestinationPath: "..data/tls.\(end)")
        }
        let files = TLSFiles(
            identity: .pem(certificate: folder.file("tls.pem"), key: folder.file("tls.key")),
            roots: [folder.file("root.pem")])
        let material = try TLSMaterial(files, role: .client, now: now)
        try manager.createSymbolicLink(atPath: folder.file("..data_tmp"), withDestinationPath: "..2")
        #expect(rename(folder.file("..data_tmp"), folder.file("..data")) == 0)
        #expect(material.reload(now: now) == .replaced(generation: 2))
        #expect(material.current.subject == "CN=Test next,O=Made Up")
    }

    @Test("days to the end of certificate and roots, and the warning 30 days ahead")
    func health() async throws {
        let folder = try OpenSSLFolder()
        var leaf = TestCertificate.leaf("client", issuer: "root", TestCertificate.client)
        leaf.until = "20300131000000Z"
        try await folder.make(.root(), leaf)
        let material = try TLSMaterial(client(folder), role: .client, now: now)
        // 2030-01-01 and 2030-01-31, in milliseconds.
        let (january, end): (Int64, Int64) = (1_893_456_000_000, 1_896_048_000_000)
        let days: [(Int64, Int, Bool, Bool)] = [
            (january, 30, false, false), (january + 1000, 29, true, false), (end - 1000, 0, true, false),
            (end + 1000, -1, true, true), (end + 90_000_000, -2, true, true),
        ]
        for (now, left, isSoon, isOver) in days {
            let health = material.health(now: now)
            #expect(health.leafDays == left && health.expiresSoon == isSoon && health.hasExpired == isOver)
            #expect((health.rootsDays ?? 0) > 25_000)
        }
    }

    @Test("no error holds what a key or a passphrase file holds")
    func secrets() async throws {
        let folder = try await folder()
        try folder.write("canary-passphrase", to: "pass")
        try folder.write("canary-key", to: "client.key")
        var files = client(folder)
        files.passphrase = folder.file("pass")
        do {
            _ = try TLSMaterial(files, role: .client, now: now)
            Issue.record("it loads")
        } catch {
            #expect(!"\(error)".contains("canary") && !String(reflecting: error).contains("canary"))
            #expect("\(error)".hasPrefix("key_unreadable: \(folder.file("client.key"))"))
        }
    }
}
