import AuditLog
import Foundation
import HufuServer
import Storage
import Testing

@Suite("Health and metrics")
struct HealthTests {
    @Test(
        "A server that works is live and ready, and its metrics are Prometheus text that counts what happened"
    )
    func metrics() async throws {
        try await RunningServer.run { server in
            let ready = try await server.expect(200, "GET", "/readyz")
            #expect(ready["checks"]?["database"] == "ok" && ready["checks"]?["log"] == "ok")
            #expect(try await server.expect(200, "GET", "/livez")["status"] == "ok")
            let code = try await server.issueCode(policy: ["usage_limit": 1])
            for _ in 0..<3 { _ = try await server.activate(code.code) }
            let count = try await server.caughtUp()
            let answer = try await server.expect(200, "GET", "/metrics")
            #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let samples = try samples(answer.text)
            #expect(samples["hufu_decisions_total{event=\"code.activated\",outcome=\"success\"}"] == 1)
            #expect(samples["hufu_decisions_total{event=\"code.activated\",outcome=\"exhausted\"}"] == 2)
            #expect(samples["hufu_http_responses_total{status=\"403\"}"] == 2)
            #expect(samples["hufu_log_entries"] == Double(count) && samples["hufu_log_size"] == Double(count))
            let age = try #require(samples["hufu_checkpoint_age_seconds"])
            #expect(age >= 0 && age < 600)
        }
    }

    /// Every line is a comment or a sample, and each sample's family was announced.
    private func samples(_ text: String) throws -> [String: Double] {
        #expect(text.hasSuffix("\n"))
        var types: Set<String> = []
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") { types.insert(String(line.split(separator: " ")[2])) }
            if line.hasPrefix("#") { continue }
            let space = try #require(line.lastIndex(of: " "))
            let name = String(line[..<space])
            let base = String(name.prefix { $0 != "{" })
            let family = base.replacing(/_(bucket|sum|count)$/, with: "")
            #expect(types.contains(family) || types.contains(base), "\(name) was not announced")
            #expect(samples[name] == nil, "\(name) stands twice")
            let value: Double = try #require(Double(String(line[line.index(after: space)...])))
            samples[name] = value
        }
        return samples
    }

    @Test("When the database is gone, readiness says so, requests get 503 and are asked to come back")
    func databaseGone() async throws {
        // The end of such a server fails as well: the log can't be brought up to date.
        await #expect(throws: (any Error).self) {
            try await RunningServer.run(checksLog: false) { server in
                let code = try await server.issueCode().code
                try await server.caughtUp()
                try server.server.authority.store.close()
                let ready = try await server.request("GET", "/readyz")
                #expect(ready.status == 503 && ready["checks"]?["database"] == "failing")
                #expect(try await server.request("GET", "/livez").status == 200)
                let answer = try await server.validate(code)
                #expect(answer.status == 503 && answer.code == "storage_unavailable")
                #expect(answer.header("retry-after") != nil)
            }
        }
    }

    @Test("Answers are not kept by caches and not guessed at by browsers")
    func headers() async throws {
        try await RunningServer.run { server in
            let answer = try await server.expect(200, "GET", "/v1/operators/me", as: .admin)
            #expect(answer.header("cache-control") == "no-store")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("server") == nil)
            try await server.caughtUp()
            let tile = try await server.expect(200, "GET", "/log/tile/0/000.p/\(server.logSize)")
            #expect(tile.header("cache-control")?.contains("immutable") == true)
            #expect(
                try await server.expect(200, "GET", "/log/checkpoint").header("cache-control") == "no-cache")
        }
    }
}
