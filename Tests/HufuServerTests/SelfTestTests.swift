import ActivationCodes
import Foundation
import HufuServer
import Logging
import ShangMi
import Storage
import Testing

@Suite("What a server makes sure of before it starts")
struct SelfTestTests {
    private struct Broken: Error {}

    @Test("A server whose self-test fails does not start, and leaves nothing behind")
    func refusesToServe() async throws {
        let temporary = try TemporaryDirectory()
        defer { temporary.remove() }
        let directory = temporary.path + "/data"
        let configuration = ServerConfiguration(dataDirectory: directory)
        let log = CapturedLog()
        await #expect(throws: Broken.self) {
            _ = try await Server(configuration, selfTest: { throw Broken() }, logger: log.logger)
        }
        #expect(!FileManager.default.fileExists(atPath: directory))
        // The one that servers run unless told otherwise holds here.
        try ShangMi.selfTest()
        try await Server(configuration, logger: log.logger).close()
    }

    @Test(
        "Without randomness, or with a source that repeats itself, it does not start",
        arguments: [true, false])
    func entropy(isThere: Bool) async throws {
        let temporary = try TemporaryDirectory()
        defer { temporary.remove() }
        let directory = temporary.path + "/data"
        let source = EntropySource { buffer in
            guard isThere else { throw EntropyError.unavailable }
            for index in buffer.indices { buffer[index] = 7 }
        }
        await #expect(throws: EntropyError.unavailable) {
            _ = try await Server(
                ServerConfiguration(dataDirectory: directory), entropy: source, logger: CapturedLog().logger)
        }
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test("Unless told otherwise it hashes passwords by scrypt at the cost that OWASP gives first")
    func passwordCost() async throws {
        let temporary = try TemporaryDirectory()
        defer { temporary.remove() }
        let server = try await Server(
            ServerConfiguration(dataDirectory: temporary.path + "/data"), logger: CapturedLog().logger)
        let id = UUID().uuidString.lowercased()
        let call = Call(caller: .anonymous, door: "cli", requestID: id, traceID: id.filter { $0 != "-" })
        let person = try await server.authority.bootstrap(
            call, token: try await server.authority.operatorToken(), name: "Alice",
            password: "a long password of hers")
        #expect(person.passwordHash.hasPrefix("scrypt$131072$8$1$"))
        try await server.close()
    }
}
