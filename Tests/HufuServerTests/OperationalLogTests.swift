import AuditLog
import Foundation
import HufuServer
import Logging
import Testing

@Suite("The operational log")
struct OperationalLogTests {
    private static let planted = "tel 13812345678, Bearer c2VjcmV0LXRva2Vu, password=hunter22"
    private static let secrets = ["13812345678", "c2VjcmV0LXRva2Vu", "hunter22"]

    @Test("Messages, errors and metadata, however deep, are written masked")
    func everyPart() {
        struct Failure: Error, CustomStringConvertible { let description: String }
        let log = CapturedLog()
        var logger = log.redacting
        logger[metadataKey: "kept"] = "\(Self.planted)"
        logger.error("failed: \(Self.planted)", metadata: ["error": "\(Self.planted)"])
        logger.info(
            "nested",
            metadata: [
                "token": "hunter22", "count": .stringConvertible(17), "contact_phone": "13812345678",
                "call": [
                    "path": ["/v3", "/people/13812345678"], "secret": ["hunter22", ["deep": "hunter22"]],
                ],
            ])
        logger.error("with an error", error: Failure(description: Self.planted))
        for secret in Self.secrets { #expect(!log.text.contains(secret), "\(log.text)") }
        for kept in ["138****5678", "[REDACTED]", "failed: tel", "/people/", "17"] {
            #expect(log.text.contains(kept), "\(kept) in \(log.text)")
        }
        #expect(logger[metadataKey: "kept"] != nil && logger[metadataKey: "none"] == nil)
    }

    @Test("What a loop of the server fails with is logged without what it holds", .timeLimit(.minutes(10)))
    func failingLoop() async throws {
        try await RunningServer.run {
            $0.sweepInterval = .milliseconds(50)
        } scenario: { server in
            let code = try await server.issueCode(policy: ["duration": "P1D"])
            #expect(try await server.activate(code.code).status == 201)
            try await server.run(
                """
                CREATE TRIGGER planted BEFORE UPDATE ON codes BEGIN
                SELECT RAISE(ABORT, '\(Self.planted)'); END
                """)
            server.clock.advance(seconds: TestClock.day)
            while !server.log.text.contains("the sweep failed") {
                try await Task.sleep(for: .milliseconds(20))
            }
            try await server.run("DROP TRIGGER planted")
            for secret in Self.secrets { #expect(!server.log.text.contains(secret)) }
            #expect(server.log.text.contains("138****5678"))
        }
    }
}
