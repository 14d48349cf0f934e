import ActivationCodes
import AuditLog
import Foundation
import HufuServer
import Testing

/// Who may call what, written down here once more, so that a route that opens by mistake is seen.
@Suite("Access")
struct AccessTests {
    private enum Who {
        case anybody
        case staff(Set<String>)
        case device
    }

    private static let everyRole = Who.staff(["admin", "issuer", "approver", "auditor"])
    private static let admins = Who.staff(["admin"])
    private static let issuers = Who.staff(["admin", "issuer"])
    private static let approvers = Who.staff(["admin", "approver"])
    private static let auditors = Who.staff(["admin", "auditor"])

    private static let table: [String: Who] = [
        "GET /livez": .anybody, "GET /readyz": .anybody, "GET /metrics": .anybody,
        "GET /openapi.json": .anybody, "GET /docs": .anybody, "GET /v1/keys": .anybody,
        "POST /v1/bootstrap": .anybody, "POST /v1/tokens": .anybody, "POST /v1/tokens/refresh": .anybody,
        "POST /v1/tokens/revoke": .anybody,
        "GET /v1/operators/me": everyRole, "POST /v1/operators": admins, "GET /v1/operators": auditors,
        "GET /v1/operators/{id}": auditors, "PATCH /v1/operators/{id}": admins,
        "POST /v1/institutions": issuers, "GET /v1/institutions": everyRole,
        "GET /v1/institutions/{id}": everyRole,
        "PUT /v1/policies/{name}": admins, "GET /v1/policies": everyRole,
        "GET /v1/policies/{name}": everyRole,
        "GET /v1/policies/{name}/versions/{version}": everyRole,
        "POST /v1/applications": issuers, "GET /v1/applications": everyRole,
        "GET /v1/applications/{id}": everyRole,
        "POST /v1/applications/{id}/approve": approvers, "POST /v1/applications/{id}/reject": approvers,
        "POST /v1/applications/{id}/issue": issuers,
        "POST /v1/batches": issuers, "POST /v1/batches/{id}/confirm": issuers, "GET /v1/batches": everyRole,
        "GET /v1/batches/{id}": everyRole, "DELETE /v1/batches/{id}": issuers,
        "GET /v1/codes": everyRole, "GET /v1/codes/{id}": everyRole, "GET /v1/codes/{id}/timeline": everyRole,
        "POST /v1/codes/{id}/renewals": issuers, "POST /v1/codes/{id}/suspension": issuers,
        "DELETE /v1/codes/{id}/suspension": issuers, "POST /v1/codes/{id}/revocation": issuers,
        "POST /v1/activations": .anybody, "POST /v1/activations/{id}/challenges": .anybody,
        "POST /v1/bindings": .anybody, "POST /v1/bindings/{id}/challenges": .anybody,
        "POST /v1/bindings/{id}/tokens": .anybody, "GET /v1/bindings": everyRole,
        "GET /v1/bindings/{id}": everyRole,
        "DELETE /v1/bindings/{id}": issuers, "POST /v1/validations": .anybody, "POST /v1/usage": .anybody,
        "POST /v1/signing-keys": .device, "GET /v1/signing-keys": .device,
        "POST /v1/signing-keys/{id}/revocation": .device, "DELETE /v1/signing-keys/{id}": issuers,
        "GET /v1/refused-calls": .device, "GET /v1/refused-calls/{id}": .device,
        "GET /v1/settlements/{id}": .device, "GET /v1/platform/settlements/{id}": auditors,
        "POST /v1/platform/reconciliations": admins, "GET /v1/platform/reconciliations/{date}": auditors,
        "GET /v1/platform/tasks": auditors, "POST /v1/platform/tasks/{id}/resolution": admins,
        "POST /v1/platform/login": admins, "POST /v1/platform/login/callback": admins,
        "GET /v1/platform/login": everyRole,
        // By a signature, which no caller of this walk has.
        "GET /v3/{path...}": .anybody, "POST /v3/{path...}": .anybody, "PUT /v3/{path...}": .anybody,
        "DELETE /v3/{path...}": .anybody, "POST /fsi/api/{path...}": .anybody,
        "POST /epc/api/{path...}": .anybody,
        "GET /v1/audit/entries": auditors, "GET /v1/audit/entries/{index}": auditors,
        "GET /v1/audit/entries/{index}/proof": .anybody,
        "GET /log/checkpoint": .anybody, "GET /log/verifier.key": .anybody,
        "GET /log/tile/entries/{path...}": auditors, "GET /log/tile/{level}/{path...}": .anybody,
    ]

    @Test("The table of this test names every route that is published, and no other")
    func tableIsComplete() async throws {
        try await RunningServer.run { server in
            let published = try await server.publishedRoutes().map { "\($0.method) \($0.path)" }
            #expect(Set(published) == Set(Self.table.keys))
            #expect(published.count == Self.table.count)
        }
    }

    @Test("Every route answers every role, a device and nobody as the table says", .timeLimit(.minutes(10)))
    func walk() async throws {
        try await RunningServer.run { server in
            let callers = try await server.callers()
            for (route, who) in Self.table.sorted(by: { $0.key < $1.key }) {
                let parts = route.split(separator: " ").map(String.init)
                for (caller, token) in callers {
                    let answer = try await server.request(
                        parts[0], example(parts[1]), token: token, body: exampleBody(parts))
                    let verdict = Verdict(answer)
                    #expect(
                        verdict == expected(who, caller),
                        "\(route) as \(caller): \(answer.status) \(answer.text)")
                }
            }
            let denied = try await server.entries(event: "access.denied")
            #expect(!denied.isEmpty)
            #expect(denied.allSatisfy { $0["outcome"]?.string == "refused" })
        }
    }

    @Test("With a public log anybody reads entry bundles; behind a proxy only auditors read metrics")
    func options() async throws {
        try await RunningServer.run(checksLog: false) { configuration in
            configuration.publicLog = true
        } scenario: { server in
            try await server.prepare(.admin)
            try await server.caughtUp()
            try await server.expect(200, "GET", "/log/tile/entries/000.p/\(server.logSize)")
        }
        try await RunningServer.run { configuration in
            configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            try await server.prepare(.issuer, .auditor)
            #expect(try await server.request("GET", "/metrics").status == 401)
            #expect(try await server.request("GET", "/metrics", as: .issuer).status == 403)
            #expect(try await server.request("GET", "/metrics", as: .auditor).status == 200)
        }
    }

    private enum Verdict: String {
        case unauthenticated, forbidden, admitted

        init(_ answer: Answer) {
            self =
                answer.status == 401 && answer.code == "unauthenticated"
                ? .unauthenticated
                : answer.status == 403 && answer.code == "forbidden" ? .forbidden : .admitted
        }
    }

    private func expected(_ who: Who, _ caller: String) -> Verdict {
        switch who {
        case .anybody: .admitted
        case .staff where caller == "nobody", .device where caller == "nobody": .unauthenticated
        case .device: caller == "device" ? .admitted : .forbidden
        case .staff(let roles): roles.contains(caller) ? .admitted : .forbidden
        }
    }

    private func example(_ path: String) -> String {
        path.replacingOccurrences(of: "{id}", with: "018f0000-0000-7000-8000-000000000000")
            .replacingOccurrences(of: "{name}", with: "nothing").replacingOccurrences(
                of: "{version}", with: "1"
            )
            .replacingOccurrences(of: "{index}", with: "0").replacingOccurrences(of: "{level}", with: "0")
            .replacingOccurrences(of: "{path...}", with: "999")
            .replacingOccurrences(of: "{date}", with: "2026-11-20")
    }

    /// Nothing that is carried out; where a secret stands in the body, one of no allowed form.
    private func exampleBody(_ route: [String]) -> JSON? {
        if route[0] == "GET" || route[0] == "DELETE" { return nil }
        return ["/v1/validations", "/v1/usage"].contains(route[1])
            ? ["code": "none", "amount": 1] : ["no": "such"]
    }
}

extension RunningServer {
    /// Tokens of everybody who can come to the door.
    fileprivate func callers() async throws -> [(name: String, token: String?)] {
        var callers: [(name: String, token: String?)] = [("nobody", nil)]
        for staff in [Staff.admin, .issuer, .approver, .auditor] {
            callers.append((staff.role, try await token(of: staff)))
        }
        let bound = try await bind(TestDevice(), try await issueCode())
        callers.append(("device", try bound.string("access_token")))
        return callers
    }

    /// Every operation of the published description.
    func publishedRoutes() async throws -> [(method: String, path: String)] {
        let paths = try await expect(200, "GET", "/openapi.json")["paths"]?.object ?? [:]
        return paths.flatMap { path, operations in
            (operations.object ?? [:]).keys.map { (method: $0.uppercased(), path: path) }
        }
    }
}
