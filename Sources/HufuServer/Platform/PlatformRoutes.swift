import AuditLog
import Foundation
import HTTPTypes
import InsurancePlatform
import Storage

/// Money calls, the books of each day, and what is left for a person. Published with and without a platform:
/// without one they answer `no_platform`.
struct PlatformRoutes: Sendable {
    let authority: Authority
    let platform: NationalPlatform?

    var all: [Route] { money + login }

    private var login: [Route] {
        [
            Route(
                method: .post, path: "/v1/platform/login", access: .operators([.admin]),
                summary: "Begin the login at the platform, which a person ends in a browser", tag: "Platform",
                request: "Nothing", answer: "PlatformLogin", isRepeatable: false
            ) { request in .json(try await loginDesk().begin(request.call)) },
            Route(
                method: .post, path: "/v1/platform/login/callback", access: .operators([.admin]),
                summary: "End the login with what the browser brought back", tag: "Platform",
                request: "PlatformLoginAnswer", answer: "PlatformStanding", isRepeatable: false
            ) { request in
                .json(
                    try await loginDesk().finish(
                        request.call, code: request.text("code"), state: request.text("state"),
                        issuer: request.body["iss"]?.string))
            },
            Route(
                method: .get, path: "/v1/platform/login", access: .anyOperator,
                summary: "How the login at the platform stands", tag: "Platform", answer: "PlatformStanding"
            ) { _ in .json(try await loginDesk().status()) },
        ]
    }

    private func loginDesk() throws -> PlatformLogin {
        _ = try desk()
        guard let login = platform?.login else {
            throw Problem(
                status: 404, code: "no_platform_login", title: "The platform's settings ask for no login",
                detail: "oauth2 is missing in the file of --platform")
        }
        return login
    }

    private var money: [Route] {
        [
            Route(
                method: .get, path: "/v1/settlements/{id}", access: .device,
                summary: "What became of a money call of the device's institution, by its msgid",
                tag: "Platform", answer: "SettlementReply"
            ) { request in try await settlementReply(request) },
            Route(
                method: .get, path: "/v1/platform/settlements/{id}", access: .operators([.admin, .auditor]),
                summary: "A money call as the journal has it, without whom it is about", tag: "Platform",
                answer: "SettlementEntry"
            ) { request in
                _ = try desk()
                let msgid = try request.parameter("id")
                guard let stored = try await authority.store.read({ try $0.settlement(msgid: msgid) }) else {
                    throw InputError.notFound("settlement")
                }
                return .json(stored.entry)
            },
            Route(
                method: .post, path: "/v1/platform/reconciliations", access: .operators([.admin]),
                summary: "Reconcile a day with the platform until the books are equal; may be repeated",
                tag: "Platform", request: "ReconciliationRequest", answer: "Reconciliation",
                isRepeatable: false
            ) { request in
                .json(try await desk().reconciliation.run(date: request.text("date"), by: request.call))
            },
            Route(
                method: .get, path: "/v1/platform/reconciliations/{date}",
                access: .operators([.admin, .auditor]), summary: "What a day's latest run came to",
                tag: "Platform", answer: "Reconciliation"
            ) { request in
                let report = try await desk().reconciliation.report(date: request.parameter("date"))
                if report.statements.isEmpty { throw InputError.notFound("reconciliation of this day") }
                return .json(report)
            },
            Route(
                method: .get, path: "/v1/platform/tasks", access: .operators([.admin, .auditor]),
                summary: "What a machine must not decide, oldest first", tag: "Platform",
                answer: "PlatformTask", query: ["state", "limit", "cursor"]
            ) { request in
                _ = try desk()
                let page = try request.page()
                let state = try request.choice("state", request.query("state"), PlatformTask.State.self)
                return .list(try await authority.platformTasks(state, page), page) { String($0.id) }
            },
            Route(
                method: .post, path: "/v1/platform/tasks/{id}/resolution", access: .operators([.admin]),
                summary: "Decide on a task", tag: "Platform", request: "TaskDecision",
                answer: "PlatformTask", isRepeatable: false
            ) { request in
                guard let id = Int(try request.parameter("id")) else { throw InputError.notFound("task") }
                let text = request.body["decision"]?.string
                guard let decision = try request.choice("decision", text, PlatformTask.Decision.self) else {
                    throw InputError.invalid(field: "decision", allowed: "it is required")
                }
                return .json(try await desk().resolver.decide(id, decision, by: request.call))
            },
        ]
    }

    private func desk() throws -> PlatformDesk {
        guard let desk = platform?.desk else {
            throw Problem(
                status: 404, code: "no_platform", title: "This server has no national platform",
                detail: "configure one: hufu serve --help-config")
        }
        return desk
    }

    private func settlementReply(_ request: APIRequest) async throws -> APIAnswer {
        let desk = try desk()
        guard case .device(_, let index) = request.call.caller,
            let code = try await authority.store.read({ try $0.code(index: index) })
        else { throw InputError.unauthenticated }
        let msgid = try request.parameter("id")
        guard let reply = try await desk.settlements.reply(msgid: msgid, institution: code.institutionID)
        else { throw InputError.notFound("settlement") }
        return APIAnswer(body: .bytes(reply.text, type: "application/json"))
    }
}
