import ActivationClient
import ActivationCodes
import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("Addresses, proxies and TLS")
struct ExposureTests {
    @Test(
        "Off loopback a server starts only with TLS or behind named proxies",
        arguments: [
            "0.0.0.0", "::", "192.168.1.10", "10.0.0.1", "hufu.example", "2001:db8::1", "localhost.example",
        ])
    func offLoopback(host: String) async throws {
        try await TemporaryDirectory.use { directory in
            var configuration = ServerConfiguration(dataDirectory: directory.path + "/data")
            configuration.host = host
            #expect(throws: ServerConfiguration.Unsafe.self) { try configuration.check() }
            await #expect(throws: ServerConfiguration.Unsafe.self) {
                _ = try await Server(configuration, logger: CapturedLog().logger)
            }
            #expect(
                !FileManager.default.fileExists(atPath: directory.path + "/data"), "it left something behind")
            var proxied = configuration
            proxied.trustedProxies = ["10.0.0.0/8"].compactMap { AddressRange($0) }
            #expect(throws: Never.self) { try proxied.check() }
            configuration.tls = .init(certificateFile: "certificate.pem", keyFile: "key.pem")
            #expect(throws: Never.self) { try configuration.check() }
        }
    }

    @Test("On loopback it starts without", arguments: ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
    func loopback(host: String) throws {
        var configuration = ServerConfiguration(dataDirectory: "/nowhere")
        configuration.host = host
        #expect(throws: Never.self) { try configuration.check() }
    }

    @Test("Two servers on one directory: the second is refused, and may come when the first is gone")
    func oneDirectory() async throws {
        try await RunningServer.run { server in
            let configuration = ServerConfiguration(dataDirectory: server.directory)
            await #expect(throws: DataDirectory.Unusable.self) {
                _ = try await Server(configuration, logger: CapturedLog().logger)
            }
            try await server.expect(200, "GET", "/livez")
        }
    }

    @Test("Only a trusted proxy sets the client's address")
    func forwardedFor() async throws {
        let policy: [String: JSON] = ["ip_allow_list": ["203.0.113.0/24"], "usage_limit": 100]
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: policy).code
            for header in ["203.0.113.5", "203.0.113.5, 127.0.0.1"] {
                let answer = try await server.activate(code, headers: ["X-Forwarded-For": header])
                #expect(answer.code == "ip_not_allowed", "\(header) was believed")
            }
        }
        try await RunningServer.run { configuration in
            configuration.trustedProxies = ["127.0.0.0/8", "10.1.0.0/16"].compactMap { AddressRange($0) }
        } scenario: { server in
            let code = try await server.issueCode(policy: policy).code
            let headers: [(String?, Bool)] = [
                ("203.0.113.5", true), (" 203.0.113.5 ", true), ("203.0.113.5, 10.1.2.3", true),
                // What the client wrote itself stands further left and counts for nothing.
                ("203.0.113.5, 198.51.100.1", false), ("198.51.100.1, 203.0.113.5", true),
                ("203.0.113.5, nonsense", false), ("198.51.100.1", false), (nil, false), ("", false),
            ]
            for (header, isAllowed) in headers {
                let answer = try await server.activate(
                    code, headers: header.map { ["X-Forwarded-For": $0] } ?? [:])
                #expect((answer.status == 201) == isAllowed, "\(header ?? "none"): \(answer.text)")
            }
        }
    }

    @Test("With a certificate it speaks TLS and nothing else", .timeLimit(.minutes(10)))
    func tls() async throws {
        try await TemporaryDirectory.use { directory in
            let (certificate, key) = try selfSigned(in: directory.path)
            try await RunningServer.run(checksLog: false) { configuration in
                configuration.tls = .init(certificateFile: certificate, keyFile: key)
            } scenario: { server in
                let address = try ServerAddress("https://127.0.0.1:\(server.port)")
                let trusting = try APIConnection(address, trustedCAFile: certificate)
                #expect(try await trusting.send(.get, "/livez").status == 200)
                let token = try await server.operatorToken()
                let person: JSON = [
                    "token": .string(token), "name": "Over TLS", "password": "a long password",
                ]
                #expect(try await trusting.send(.post, "/v1/bootstrap", body: person).status == 201)
                await #expect(throws: ServerUnreachable.self) {
                    _ = try await APIConnection(address).send(.get, "/livez")
                }
                var plain = try APIConnection(try ServerAddress("http://127.0.0.1:\(server.port)"))
                plain.timeout = .seconds(3)
                let connection = plain
                await #expect(throws: (any Error).self) {
                    _ = try await connection.send(.post, "/v1/tokens", body: [:])
                }
                try await server.checkLog()
            }
        }
    }

    private struct NoCertificate: Error {}

    private func selfSigned(in directory: String) throws -> (certificate: String, key: String) {
        let certificate = directory + "/certificate.pem"
        let key = directory + "/key.pem"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout",
            key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
        ]
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NoCertificate() }
        return (certificate, key)
    }
}
