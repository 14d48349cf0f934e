import ActivationCodes
import AuditLog
import Foundation
import Synchronization
import Testing

/// One request for each way to be refused, remembered by its request id.
final class RefusalScenes: Sendable {
    private let server: RunningServer
    private let answers = Mutex<[String: Answer]>([:])

    var refused: [String: Answer] { answers.withLock { $0 } }
    var count: Int { refused.count }

    init(server: RunningServer) { self.server = server }

    private func refuse(
        _ name: String, _ method: String, _ path: String, as staff: Staff? = nil, token: String? = nil,
        body: JSON? = [:], code: String
    ) async throws {
        let id = "refusal-\(name)"
        let answer = try await server.request(
            method, path, as: staff, token: token, body: method == "GET" ? nil : body,
            headers: ["X-Request-Id": id])
        #expect(answer.code == code, "\(name): \(answer.text)")
        answers.withLock { $0[id] = answer }
    }

    func codes() async throws {
        var generator = CodeGenerator(entropy: .system)
        let unknown: JSON = ["code": .string(try generator.next().text)]
        try await refuse("unknown-code", "POST", "/v1/activations", body: unknown, code: "not_found")
        try await refuse("unknown-validation", "POST", "/v1/validations", body: unknown, code: "not_found")
        let code = try await server.issueCode(policy: ["usage_limit": 1, "duration": "P10D"])
        let body: JSON = ["code": .string(code.code)]
        let path = "/v1/codes/\(code.id)"
        try await refuse("not-activated", "POST", "/v1/validations", body: body, code: "not_activated")
        try await refuse(
            "not-suspended", "DELETE", path + "/suspension", as: .issuer, body: nil, code: "not_suspended")
        try await refuse("early-renewal", "POST", path + "/renewals", as: .issuer, code: "not_activated")
        _ = try await server.activate(code.code)
        try await refuse("exhausted", "POST", "/v1/activations", body: body, code: "exhausted")
        let use: JSON = ["code": .string(code.code), "amount": 5]
        try await refuse("exhausted-use", "POST", "/v1/usage", body: use, code: "exhausted")
        try await refuse("no-renewals", "POST", path + "/renewals", as: .issuer, code: "renewals_used_up")
        let scoped = try await server.issueCode()
        _ = try await server.activate(scoped.code)
        let wanted: JSON = ["code": .string(scoped.code), "scopes": ["claim.delete"]]
        try await refuse("scope", "POST", "/v1/validations", body: wanted, code: "scope_not_granted")
        let far = try await server.issueCode(policy: ["ip_allow_list": ["10.0.0.0/8"]])
        try await refuse(
            "address", "POST", "/v1/activations", body: ["code": .string(far.code)], code: "ip_not_allowed")
        try await server.expect(
            200, "POST", path + "/revocation", as: .issuer, body: ["reason": "superseded"])
        try await refuse("revoked", "POST", "/v1/activations", body: body, code: "revoked")
        try await refuse("revoked-suspension", "POST", path + "/suspension", as: .issuer, code: "revoked")
    }

    func devices() async throws {
        let code = try await server.issueCode()
        let device = TestDevice()
        let activation = try await server.activate(code.code).json
        var forged = try device.bindingBody(code.code, activation)
        forged["signature"] = try TestDevice().bindingBody(code.code, activation)["signature"]
        try await refuse("proof", "POST", "/v1/bindings", body: forged, code: "proof_invalid")
        try await refuse("challenge", "POST", "/v1/bindings", body: forged, code: "challenge_invalid")
        let bound = try await server.bind(device, code)
        let token = try bound.string("access_token")
        let binding = try bound.string("binding_id")
        let second = try TestDevice(machine: 2).bindingBody(
            code.code, try await server.activate(code.code).json)
        try await refuse("limit", "POST", "/v1/bindings", body: second, code: "device_limit")
        let strange: JSON = ["fingerprint": TestDevice(machine: 3).fingerprint]
        try await refuse(
            "mismatch", "POST", "/v1/validations", token: token, body: strange, code: "device_mismatch")
        try await refuse("device-at-staff-door", "GET", "/v1/codes", token: token, code: "forbidden")
        try await server.expect(200, "DELETE", "/v1/bindings/\(binding)", as: .issuer)
        try await refuse("released", "POST", "/v1/validations", token: token, code: "device_revoked")
        try await refuse("unknown-binding", "POST", "/v1/bindings/\(UUID())/challenges", code: "not_found")
    }

    func staff() async throws {
        let id = try await server.apply(policy: try await server.setPolicy(["approvals": 2]), as: .admin)
        let path = "/v1/applications/\(id)"
        try await refuse("self-approval", "POST", path + "/approve", as: .admin, code: "self_approval")
        try await refuse("approval-missing", "POST", path + "/issue", as: .issuer, code: "approval_missing")
        try await server.expect(200, "POST", path + "/reject", as: .approver, body: [:])
        try await refuse("rejected", "POST", path + "/approve", as: .secondApprover, code: "rejected")
        try await refuse("rejected-issue", "POST", path + "/issue", as: .issuer, code: "rejected")
        try await refuse("forbidden", "GET", "/v1/audit/entries", as: .issuer, code: "forbidden")
        let login: JSON = ["name": "nobody", "password": "nothing at all"]
        try await refuse("login", "POST", "/v1/tokens", body: login, code: "unauthenticated")
        let refresh: JSON = ["refresh_token": "stolen"]
        try await refuse("refresh", "POST", "/v1/tokens/refresh", body: refresh, code: "unauthenticated")
        let first: JSON = ["token": "guessed", "name": "Intruder", "password": "a long password"]
        try await refuse("bootstrap", "POST", "/v1/bootstrap", body: first, code: "unauthenticated")
    }
}
