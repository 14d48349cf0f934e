import Foundation
import HufuServer
import Logging
import ShangMi
import Testing

@Suite("The algorithms' self-test")
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
}
