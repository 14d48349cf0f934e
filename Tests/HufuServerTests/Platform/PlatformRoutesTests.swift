import AuditLog
import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Testing

@Suite("The platform's routes", .timeLimit(.minutes(10)))
struct PlatformRoutesTests {
    @Test("Books, tasks and calls are shown and decided on as published")
    func routes() async throws {
        let clock: @Sendable () -> Int64 = { Server.systemClock() / 1_000_000 }
        let ledger = LedgerPlatform(clock: clock)
        let platform = FaultyPlatform(ledger, clock: clock)
        // For its calls and their identifiers alone.
        let stage = try await SettlementStage()
        defer { stage.remove() }
        try await RunningServer.run { configuration in
            configuration.platform = { authority in
                let sender = PlatformCall.Sender(id: "hufu", name: "Hufu")
                let desk = PlatformDesk(
                    authority: authority,
                    sites: [
                        SettlementSite(
                            platform: platform, fixmedinsCode: SettlementStage.code, setlOptins: "330102",
                            sender: sender, newMessageID: { stage.newMessageID() })
                    ])
                let site = FsiSite(
                    baseURL: "https://platform.invalid", fixmedinsCode: SettlementStage.code,
                    fixmedinsName: "测试医院", mdtrtareaAdmvs: "330102", recerSysCode: "HUFU")
                return NationalPlatform(
                    platform, site: site, sender: sender, desk: desk, clock: clock,
                    newMessageID: { stage.newMessageID() })
            }
        } scenario: { server in
            let contract = PublishedContract(try await server.expect(200, "GET", "/openapi.json").json)
            let desk = try #require(server.server.platform).desk
            let device = try await server.bind(TestDevice(), try await server.issueCode())
            let token = try device.string("access_token")
            let institution = try await institution(server)
            let call = stage.settlement(visit: "V1")
            let reply = try await desk.settlements.carry(
                call, by: stage.device,
                fixmedinsCode: SettlementStage.code, institution: institution)
            #expect(reply.outcome.name == "settled")

            let seen = try await server.expect(200, "GET", reply.link, token: token)
            #expect(try contract.violations("GET /v1/settlements/{id}", seen).isEmpty)
            #expect(seen["outcome"] == "settled" && seen.text.contains(#""medfee_sumamt":123.45"#))
            #expect(
                try await server.request("GET", "/v1/settlements/none", token: token).code == "not_found")
            let entry = try await server.expect(
                200, "GET", "/v1/platform/settlements/\(call.msgid)", as: .auditor)
            #expect(try contract.violations("GET /v1/platform/settlements/{id}", entry).isEmpty)
            #expect(!entry.text.contains(SettlementStage.psnNo))

            await ledger.tamper(msgid: call.msgid, total: ExactDecimal(cents: 1))
            let date = ChinaTime.text(clock(), .date)
            let path = "/v1/platform/reconciliations"
            #expect(
                try await server.request("GET", "\(path)/\(date)", as: .auditor).code == "not_found")
            let report = try await server.expect(
                200, "POST", path, as: .admin, body: ["date": .string(date)])
            #expect(try contract.violations("POST \(path)", report).isEmpty)
            #expect(report["equal"] == false)
            let shown = try await server.expect(200, "GET", "\(path)/\(date)", as: .auditor)
            #expect(shown.json == report.json)
            for wrong in ["2026-02-30", "yesterday"] {
                let answer = try await server.request(
                    "POST", path, as: .admin, body: ["date": .string(wrong)])
                #expect(answer.status == 400 && answer["field"] == "date")
            }

            try await decide(server, contract)
            let metrics = try await server.expect(200, "GET", "/metrics")
            #expect(metrics.text.contains("hufu_platform_tasks_open 0\n"))
        }
    }

    private func decide(_ server: RunningServer, _ contract: PublishedContract) async throws {
        let tasks = try await server.expect(
            200, "GET", "/v1/platform/tasks?state=open", as: .auditor)
        #expect(try contract.violations("GET /v1/platform/tasks", tasks).isEmpty)
        let id = try #require(tasks["items"]?.array?.first?["id"]?.integer)
        let resolution = "/v1/platform/tasks/\(id)/resolution"
        let done = try await server.expect(
            200, "POST", resolution, as: .admin, body: ["decision": "done"])
        #expect(try contract.violations("POST /v1/platform/tasks/{id}/resolution", done).isEmpty)
        #expect(
            try await server.request("POST", resolution, as: .admin, body: ["decision": "done"]).status
                == 409)
    }

    @Test("Without a platform the routes say so")
    func none() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.admin)
            let answer = try await server.request("GET", "/v1/platform/tasks", as: .admin)
            #expect(answer.status == 404 && answer.code == "no_platform")
        }
    }

    private func institution(_ server: RunningServer) async throws -> UUID {
        let items = try await server.expect(200, "GET", "/v1/institutions", as: .admin)["items"]?.array
        let id = items?.first?["id"]?.string.flatMap { UUID(uuidString: $0) }
        return try #require(id)
    }
}
