import AuditLog
import Foundation
import Glibc
import HTTPTypes
import InsurancePlatform
import RequestSigning
import Storage

extension HTTPDoor {
    /// Health, metrics and the API's own description.
    var systemRoutes: [Route] {
        [
            Route(
                method: .get, path: "/livez", access: .anybody, summary: "The process runs", tag: "Health",
                answer: "Health"
            ) { _ in .init(body: .json(["status": "ok"])) },
            Route(
                method: .get, path: "/readyz", access: .anybody,
                summary: "The database can be written and the log is published", tag: "Health",
                answer: "Health"
            ) { _ in await readiness.answer(at: authority.clock(), look: lookWhetherReady) },
            Route(
                method: .get, path: "/metrics", access: .local, summary: "Prometheus text", tag: "Health",
                mediaType: "text/plain"
            ) { _ in
                .init(body: .text(try await metrics(), type: "text/plain; version=0.0.4; charset=utf-8"))
            },
            Route(
                method: .get, path: "/openapi.json", access: .anybody, summary: "This description",
                tag: "Health",
                mediaType: "application/json"
            ) { _ in .init(body: .json(try OpenAPI.document(routes, version: Hufu.version))) },
            Route(
                method: .get, path: "/docs", access: .anybody, summary: "This description, to read",
                tag: "Health",
                mediaType: "text/html"
            ) { _ in .init(body: .text(DocumentationPage.html(routes), type: "text/html; charset=utf-8")) },
        ]
    }

    private func lookWhetherReady() async -> APIAnswer {
        var checks: [String: JSON] = [:]
        do {
            // Only a write tells whether the file can be written.
            _ = try await authority.store.write { try $0.set("ready", to: "1") }
            checks["database"] = "ok"
        } catch {
            checks["database"] = "failing"
        }
        checks["log"] = sequencer.latest == nil || sequencer.isFailing ? "failing" : "ok"
        checks["disk"] = hasRoom ? "ok" : "failing"
        var isReady = checks.values.allSatisfy { $0 == "ok" }
        if let certificate {
            let health = certificate.material.health(now: authority.clock() / 1_000_000)
            // Files that don't count are told, and the old ones serve on: only their end makes it unready.
            checks["certificate"] = .string(
                health.problem?.code.rawValue ?? (health.hasExpired ? "expired" : "ok"))
            if health.hasExpired { isReady = false }
        }
        return APIAnswer(
            status: isReady ? .ok : .serviceUnavailable,
            body: .json(["status": isReady ? "ok" : "failing", "checks": .object(checks)]))
    }

    /// A disk that is all but full may still take the small write above, yet no whole decision with its tiles.
    private var hasRoom: Bool {
        var space = statvfs()
        guard statvfs(configuration.dataDirectory, &space) == 0 else { return false }
        return UInt64(space.f_bavail) * UInt64(space.f_frsize) >= 1 << 20
    }

    private func metrics() async throws -> String {
        let entries = try await authority.store.read { try $0.entryCount() }
        let size = sequencer.latest?.head.size ?? 0
        let age = sequencer.latest.map { authority.now().timeIntervalSince($0.signedAt) } ?? -1
        return authority.counters.text(gauges: [
            Gauge("hufu_log_entries", "Entries written.", Double(entries)),
            Gauge("hufu_log_size", "Entries covered by the signed checkpoint.", Double(size)),
            Gauge("hufu_checkpoint_age_seconds", "Age of the signed checkpoint.", age),
            Gauge("hufu_gateway_nonces", "Nonces remembered.", Double(gateway.nonces.count)),
            Gauge("hufu_gateway_keys", "Signing keys in memory.", Double(gateway.ring.count)),
        ]) + gateway.times.text + (certificate?.metrics(now: authority.clock() / 1_000_000) ?? "")
            + (try await platform?.metrics() ?? "")
    }
}

/// The release.
package enum Hufu {
    package static let version = "0.1.0"
}
