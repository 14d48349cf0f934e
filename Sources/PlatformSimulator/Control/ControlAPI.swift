import HTTPTypes
import NIOHTTP1
import RequestSigning

/// The control API and the live page, on loopback without TLS (docs/formats/sandbox.md).
struct ControlAPI: Sendable {
    let sandbox: Sandbox

    func answer(_ request: SandboxRequest) async -> SandboxReply {
        guard isLocal(request) else {
            return problem(.forbidden, "not_local", "ask at 127.0.0.1 or localhost, not from another page")
        }
        do {
            return try await route(request)
        } catch let error as Fault.Malformed {
            return problem(.badRequest, "malformed_fault", error.description)
        } catch let error as SandboxError {
            return problem(.badRequest, "refused", error.description)
        } catch {
            return problem(.internalServerError, "internal", "the sandbox failed: \(error)")
        }
    }

    /// A page of another origin in the same browser must not steer the sandbox, nor one that made its name
    /// point to this machine.
    private func isLocal(_ request: SandboxRequest) -> Bool {
        guard let host = request.message.head.authority else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" }
        guard ["127.0.0.1", "localhost", "[::1]"].contains(String(name)) else { return false }
        if request.method == .get || request.method == .head { return true }
        guard let origin = request.header("origin") else { return true }
        return origin == "http://\(host)"
    }

    private func route(_ request: SandboxRequest) async throws -> SandboxReply {
        let path = request.path
        switch (request.method, path) {
        case (.get, "/"): return LivePage.reply
        case (.get, "/events"):
            return SandboxReply(
                fields: [("content-type", "text/event-stream; charset=utf-8")],
                body: .stream(sandbox.feed.watch()))
        case (.get, "/traffic"):
            let limit = request.query["limit"].flatMap { Int($0) } ?? 100
            return .json(
                JSONText.object(["traffic": .array(sandbox.traffic(limit: limit).map(\.json))]).bytes)
        case (.get, "/faults"): return .json(sandbox.faults.json.bytes)
        case (.put, "/faults"):
            try sandbox.setFaults(Fault.faults(inJSON: request.body))
            return .json(sandbox.faults.json.bytes)
        case (.delete, "/faults"):
            try sandbox.setFaults([])
            return .json(sandbox.faults.json.bytes)
        case (.get, "/addresses"): return .json(try await sandbox.addresses.json(sandbox))
        case (_, _) where path.hasPrefix("/ledger/") && request.method == .get:
            return try await books(request, path)
        case (.post, _): return try await act(path, try body(request))
        default: return problem(.notFound, "not_found", "see docs/formats/sandbox.md")
        }
    }

    private func books(_ request: SandboxRequest, _ path: String) async throws -> SandboxReply {
        switch path {
        case "/ledger/totals":
            let totals = try await sandbox.ledgerTotals(day: request.query["day"])
            return .json(JSONText.object(["totals": .array(totals.map(\.json))]).bytes)
        case "/ledger/check":
            let findings = try await sandbox.checkLedger()
            return .json(
                JSONText.object([
                    "holds": .boolean(findings.allSatisfy(\.holds)), "checks": .array(findings.map(\.json)),
                ]).bytes)
        case "/ledger/settlements":
            let rows = try await sandbox.ledgerSettlements()
            return .json(JSONText.object(["settlements": .array(rows.map(\.json))]).bytes)
        case "/ledger/persons":
            let people = try await sandbox.persons()
            return .json(JSONText.object(["persons": .array(people.map(\.json))]).bytes)
        default: return problem(.notFound, "not_found", "totals, check, settlements or persons")
        }
    }

    private func act(_ path: String, _ body: JSONDocument?) async throws -> SandboxReply {
        switch path {
        case "/clock":
            guard let text = body?["offset_milliseconds"]?.numberText, let offset = Int64(text),
                abs(offset) <= 10 * 365 * 86_400_000
            else { throw SandboxError("offset_milliseconds: a whole number, ten years at most") }
            sandbox.setClockOffset(offset)
            return .json(JSONText.object(["now": .number(sandbox.time.now)]).bytes)
        case "/token/revoke":
            let count = try await sandbox.revokeTokens(withRefresh: body?["refresh"]?.boolean ?? false)
            return .json(JSONText.object(["revoked": .number(count)]).bytes)
        case "/certificate/swap":
            let choice = body?["to"]?.string ?? "renewed"
            try sandbox.swapCertificate(to: choice)
            return .json(JSONText.object(["certificate": .string(choice)]).bytes)
        case "/keys/rotate":
            let id = try sandbox.rotateIDTokenKey(to: body?["alg"]?.string ?? "ES256")
            return .json(JSONText.object(["kid": .string(id)]).bytes)
        default: return problem(.notFound, "not_found", "see docs/formats/sandbox.md")
        }
    }

    private func body(_ request: SandboxRequest) throws -> JSONDocument? {
        guard !request.body.isEmpty else { return nil }
        do { return try JSONDocument(parsing: request.body) } catch {
            throw SandboxError("the body isn't JSON: \(error.code.rawValue)")
        }
    }

    private func problem(
        _ status: HTTPResponse.Status, _ code: String, _ detail: String
    ) -> SandboxReply {
        DoorRefusal(.init(statusCode: status.code), code, detail).reply
    }
}
