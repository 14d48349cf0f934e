import AsyncHTTPClient
import Foundation
import InsurancePlatform
import NIOCore
import NIOHTTP1
import Testing

/// Connections made with the material, as client and as server.
@Suite("TLS connections", .timeLimit(.minutes(10)))
struct TLSConnectionTests {
    private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// Whether an HTTP client with these roots gets an answer from the server.
    private func connects(
        _ folder: OpenSSLFolder, _ server: OpenSSLServer, host: String = "localhost",
        roots: [String] = ["root"]
    ) async throws -> Bool {
        let files = TLSFiles(roots: roots.map { folder.file("\($0).pem") })
        let material = try TLSMaterial(files, role: .client, now: Self.now)
        var configuration = HTTPClient.Configuration(tlsConfiguration: material.current.client)
        // Otherwise a refused handshake is made again until the time is over.
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let answer = try? await client.execute(
            HTTPClientRequest(url: "https://\(host):\(server.port)/"), timeout: .seconds(10))
        try await client.shutdown()
        return answer?.status == .ok
    }

    @Test("a client accepts a sound chain")
    func sound() async throws {
        let folder = try await OpenSSLFolder.sound()
        let server = try await OpenSSLServer.start(folder)
        #expect(try await connects(folder, server))
        #expect(try await connects(folder, server, host: "127.0.0.1"))
    }

    @Test(
        "a client refuses an intermediate that may not issue, one that may not issue this name, and a chain too long",
        arguments: [
            ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,keyCertSign"], [],
            ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,cRLSign"],
            TestCertificate.authority + ["nameConstraints=critical,permitted;DNS:example.org"],
            TestCertificate.authority + ["nameConstraints=critical,excluded;DNS:localhost"],
            TestCertificate.authority + ["extendedKeyUsage=clientAuth"],
        ])
    func wrongIssuer(extensions: [String]) async throws {
        let folder = try OpenSSLFolder()
        try await folder.make(.root(), .intermediate(extensions), .leaf())
        #expect(try await !connects(folder, OpenSSLServer.start(folder)))
    }

    @Test(
        "a client refuses an unknown root, another name, a wrong time and a certificate that is none for servers"
    )
    func wrongLeaf() async throws {
        let folder = try await OpenSSLFolder.sound()
        var past = TestCertificate.leaf("past")
        past.until = "20210101000000Z"
        try await folder.make(
            .root("other"), past,
            .leaf("named", issuer: "intermediate", ["subjectAltName=DNS:platform.example"]),
            .leaf("user", issuer: "intermediate", TestCertificate.client + ["subjectAltName=DNS:localhost"]))
        #expect(try await !connects(folder, OpenSSLServer.start(folder), roots: ["other"]))
        for leaf in ["past", "named", "user"] {
            #expect(try await !connects(folder, OpenSSLServer.start(folder, leaf: leaf)), "\(leaf)")
        }
        #expect(try await !connects(folder, OpenSSLServer.start(folder, chain: [])))
        let old = try await OpenSSLServer.start(folder, ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        #expect(try await !connects(folder, old))
    }

    @Test("the name is sent, so that a server of many names serves the right certificate")
    func serverName() async throws {
        let folder = try await OpenSSLFolder.sound()
        try await folder.make(
            .leaf("direct", issuer: "root"),
            .leaf("wrong", issuer: "root", ["subjectAltName=DNS:platform.example"]))
        let direct = try await OpenSSLServer.start(
            folder, leaf: "wrong", chain: [],
            ["-servername", "localhost", "-cert2", "direct.pem", "-key2", "direct.key"])
        #expect(try await connects(folder, direct))
        #expect(try await !connects(folder, direct, host: "127.0.0.1"))
    }

    @Test("a server's certificate is replaced while its connections go on", arguments: [true, false])
    func replacedServer(byHandler: Bool) async throws {
        let folder = try OpenSSLFolder()
        try await folder.make(.root(), .leaf("server", issuer: "root"), .leaf("next", issuer: "root"))
        let files = TLSFiles(
            identity: .pem(certificate: folder.file("server.pem"), key: folder.file("server.key")))
        let material = try TLSMaterial(files, role: .server, now: Self.now)
        let server = try await TLSEcho.start(try ReloadingServerTLS(material), byHandler: byHandler)
        let port = server.localAddress?.port ?? 0
        let trust = try TLSMaterial(TLSFiles(roots: [folder.file("root.pem")]), role: .client, now: Self.now)
        let first = try await TLSEcho.Client(port, trust.current.client)
        #expect(try await first.echo("first") == "first")
        #expect(try await first.subject() == "CN=Test server,O=Made Up")
        for end in ["pem", "key"] { try folder.write(try folder.text("next.\(end)"), to: "server.\(end)") }
        #expect(material.reload(now: Self.now) == .replaced(generation: 2))
        let second = try await TLSEcho.Client(port, trust.current.client)
        #expect(try await second.echo("new") == "new")
        #expect(try await second.subject() == "CN=Test next,O=Made Up")
        // The connection of before goes on.
        #expect(try await first.echo("still here") == "still here")
        try await first.close()
        try await second.close()
        try await server.close().get()
    }

    @Test("a server that asks for client certificates follows its roots, and refuses the others")
    func replacedClientRoots() async throws {
        let folder = try OpenSSLFolder()
        try await folder.make(
            .root(), .leaf("server", issuer: "root"), .root("users"), .root("later"),
            .leaf("user", issuer: "users", TestCertificate.client),
            .leaf("new", issuer: "later", TestCertificate.client))
        let files = TLSFiles(
            identity: .pem(certificate: folder.file("server.pem"), key: folder.file("server.key")),
            roots: [folder.file("users.pem")])
        let material = try TLSMaterial(files, role: .server, now: Self.now)
        let server = try await TLSEcho.start(try ReloadingServerTLS(material), byHandler: true)
        let port = server.localAddress?.port ?? 0
        func isTaken(_ name: String?) async throws -> Bool {
            var files = TLSFiles(roots: [folder.file("root.pem")])
            files.identity = name.map {
                .pem(certificate: folder.file("\($0).pem"), key: folder.file("\($0).key"))
            }
            let settings = try TLSMaterial(files, role: .client, now: Self.now).current.client
            let client = try await TLSEcho.Client(port, settings)
            let answer = try? await client.echo("x")
            try? await client.close()
            return answer == "x"
        }
        #expect(try await isTaken("user"))
        #expect(try await !isTaken("new"))
        #expect(try await !isTaken(nil))
        try folder.write(try folder.text("later.pem"), to: "users.pem")
        #expect(material.reload(now: Self.now) == .replaced(generation: 2))
        #expect(try await isTaken("new"))
        #expect(try await !isTaken("user"))
        try await server.close().get()
    }
}
