import HTTPTypes
import NIOHTTP1

/// Everything on the HTTPS port: the faces, and OAuth2 beside them.
struct PlatformSite: Sendable {
    private let door: PlatformDoor
    private let oauth: AuthorizationServer

    init(sandbox: Sandbox, issuer: String) {
        door = sandbox.door
        oauth = AuthorizationServer(
            credentials: sandbox.credentials, redirectURIs: sandbox.configuration.redirectURIs,
            accessLifetime: sandbox.configuration.accessTokenLifetime, issuer: issuer, time: sandbox.time,
            tokens: sandbox.tokens, keys: sandbox.idTokenKeys)
    }

    func answer(_ request: SandboxRequest) async -> SandboxReply {
        if let reply = await door.answer(request) { return reply }
        let start = ContinuousClock.now
        var record = TrafficRecord(
            at: door.time.now, face: "oauth2", target: "\(request.method.rawValue) \(request.path)")
        let reply = await authorization(request, &record)
        door.note(record, status: reply.sentStatus, since: start)
        return reply
    }

    private func token(_ request: SandboxRequest, _ record: inout TrafficRecord) async -> SandboxReply {
        let struck = door.faults.strikes(infno: FaultPlan.tokenEndpoint, now: door.time.now)
        record.faults = struck.map(\.kind.rawValue)
        func fault(_ kind: Fault.Kind) -> Fault? { struck.first { $0.kind == kind } }
        if let fault = fault(.storm) { return CarriedCall.failed(fault.status).reply }
        if let fault = fault(.http5xx), !fault.afterCommit { return CarriedCall.failed(fault.status).reply }
        if fault(.dropBeforeCommit) != nil { return .lost }
        let reply = await oauth.token(request)
        record.checks.append(
            TrafficCheck("token", reply.status == .ok ? .passed : .failed, "\(reply.status.code)"))
        if let fault = fault(.delay) {
            try? await Task.sleep(for: .milliseconds(max(0, fault.milliseconds)))
        }
        if let fault = fault(.http5xx) { return CarriedCall.failed(fault.status).reply }
        if fault(.dropAfterCommit) != nil { return .lost }
        return fault(.halfBody) == nil ? reply : CarriedCall.half(reply.bytes).reply
    }

    /// A browser at the login page has no client certificate; who asks for tokens must have one.
    private func authorization(
        _ request: SandboxRequest, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        switch (request.method, request.path) {
        case (.get, AuthorizationServer.prefix + "authorize"): return oauth.page(request.query)
        case (.post, AuthorizationServer.prefix + "authorize"):
            return oauth.login(request.form.merging(request.query) { form, _ in form })
        case (.get, AuthorizationServer.prefix + "jwks"):
            guard let keys = try? oauth.keys.jwks() else { return CarriedCall.failed(500).reply }
            return .json(keys.bytes)
        case (.get, AuthorizationServer.discovery): return oauth.metadata()
        case (.post, AuthorizationServer.prefix + "token"):
            do { try door.requireCertificate(request, &record) } catch { return error.reply }
            return await token(request, &record)
        default: return DoorRefusal(.notFound, "not_found", "the sandbox has no such address").reply
        }
    }
}
