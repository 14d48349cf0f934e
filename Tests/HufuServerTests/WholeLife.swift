import AuditLog
import Foundation
import Synchronization
import Testing

/// Apply, approve twice, issue, activate, bind, validate, use, renew, suspend, resume, revoke, refused; each
/// answer held against the published description.
final class WholeLife: Sendable {
    private let server: RunningServer
    private let contract: PublishedContract
    private let seen = Mutex<Set<String>>([])

    /// Operations of which a successful answer was seen.
    var succeeded: Set<String> { seen.withLock { $0 } }

    init(server: RunningServer, contract: PublishedContract) {
        self.server = server
        self.contract = contract
    }

    func run() async throws {
        try await staff()
        let (institution, policy) = try await terms()
        let application = try await approvals(institution, policy)
        let issued = try await call(201, "POST", "/v1/applications/\(application)/issue", .issuer, [:])
        let code = try issued.string("code")
        let id = issued["code_detail"]?["id"]?.string ?? ""
        try await device(code, id)
        try await changes(code, id)
        try await batch(institution)
        try await log()
    }

    @discardableResult
    private func call(
        _ status: Int, _ method: String, _ path: String, _ staff: Staff? = nil, _ body: JSON? = nil,
        token: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        let answer = try await server.expect(
            status, method, path, as: staff, token: token, body: body, headers: headers)
        let operation = try #require(contract.operation(method, path))
        let violations = try contract.violations(operation, answer)
        #expect(violations.isEmpty, "\(operation): \(violations) in \(answer.text.prefix(2000))")
        if status < 400 { seen.withLock { _ = $0.insert(operation) } }
        return answer
    }

    private func staff() async throws {
        let token = try await server.operatorToken()
        let person: [String: JSON] = ["name": "First", "password": "a first password"]
        try await call(
            201, "POST", "/v1/bootstrap", nil, .object(person.merging(["token": .string(token)]) { $1 }))
        try await call(
            401, "POST", "/v1/bootstrap", nil, .object(person.merging(["token": .string(token)]) { $1 }))
        let session = try await call(200, "POST", "/v1/tokens", nil, .object(person))
        let next = try await call(
            200, "POST", "/v1/tokens/refresh", nil, ["refresh_token": session["refresh_token"] ?? .null])
        let admin = try next.string("access_token")
        try await call(200, "GET", "/v1/operators/me", token: admin)
        let other: JSON = [
            "name": "Second", "password": "a second password", "roles": ["approver", "auditor"],
        ]
        let added = try await call(201, "POST", "/v1/operators", nil, other, token: admin).string("id")
        try await call(409, "POST", "/v1/operators", nil, other, token: admin)
        try await call(200, "PATCH", "/v1/operators/\(added)", nil, ["roles": ["auditor"]], token: admin)
        try await call(200, "GET", "/v1/operators/\(added)", token: admin)
        try await call(200, "GET", "/v1/operators?limit=1", token: admin)
        try await call(
            204, "POST", "/v1/tokens/revoke", nil, ["refresh_token": next["refresh_token"] ?? .null])
    }

    private func terms() async throws -> (institution: String, policy: String) {
        let institution = try await call(
            201, "POST", "/v1/institutions", .admin, ["name": "Life", "kind": "pharmacy", "region": "110000"]
        ).string("id")
        try await call(200, "GET", "/v1/institutions/\(institution)", .auditor)
        try await call(200, "GET", "/v1/institutions?limit=1", .auditor)
        let policy: JSON = [
            "duration": "P90D", "approvals": 2, "reference": "A.9.4.2-v2.1", "usage_limit": 100,
            "device_limit": 2,
            "scopes": ["claim.read", "claim.write"], "roles": ["his"], "ip_allow_list": ["127.0.0.0/8"],
            "renewal": ["count": 1, "period": "P30D"],
        ]
        try await call(428, "PUT", "/v1/policies/life", .admin, policy)
        let created = try await call(
            201, "PUT", "/v1/policies/life", .admin, policy, headers: ["If-None-Match": "*"])
        let tag = try #require(created.header("etag"))
        try await call(200, "PUT", "/v1/policies/life", .admin, policy, headers: ["If-Match": tag])
        try await call(200, "GET", "/v1/policies", .auditor)
        try await call(200, "GET", "/v1/policies/life", .auditor)
        try await call(200, "GET", "/v1/policies/life/versions/1", .auditor)
        try await call(404, "GET", "/v1/policies/life/versions/3", .auditor)
        return (institution, "life")
    }

    private func approvals(_ institution: String, _ policy: String) async throws -> String {
        let request: JSON = [
            "institution_id": .string(institution), "policy": .string(policy), "purpose": "a pilot",
            "contact": ["name": "Li Lei", "phone": "13812341234", "email": "lilei@example.com"],
            "terms": ["expires": "P60D", "scopes": ["claim.read"], "metadata": ["site": "east"]],
        ]
        let application = try await call(201, "POST", "/v1/applications", .issuer, request).string("id")
        try await call(403, "POST", "/v1/applications/\(application)/issue", .issuer, [:])
        try await call(200, "POST", "/v1/applications/\(application)/approve", .approver, ["comment": "seen"])
        try await call(409, "POST", "/v1/applications/\(application)/approve", .approver, [:])
        try await call(200, "POST", "/v1/applications/\(application)/approve", .secondApprover, [:])
        try await call(200, "GET", "/v1/applications/\(application)", .auditor)
        try await call(200, "GET", "/v1/applications?state=approved", .auditor)
        let other = try await call(201, "POST", "/v1/applications", .issuer, request).string("id")
        try await call(200, "POST", "/v1/applications/\(other)/reject", .approver, ["comment": "no"])
        return application
    }

    private func device(_ code: String, _ id: String) async throws {
        let holder: JSON = ["code": .string(code)]
        let device = TestDevice()
        let activation = try await call(201, "POST", "/v1/activations", nil, holder)
        let activationID = try activation.string("activation_id")
        let challenge = try await call(201, "POST", "/v1/activations/\(activationID)/challenges", nil, holder)
        let body = try device.bindingBody(code, activation.json, challenge: challenge.json)
        let bound = try await call(201, "POST", "/v1/bindings", nil, body)
        let binding = try bound.string("binding_id")
        let again = try await call(201, "POST", "/v1/bindings/\(binding)/challenges", nil, [:])
        let renewed = try await call(
            200, "POST", "/v1/bindings/\(binding)/tokens", nil,
            try device.tokenBody(binding: binding, challenge: again.json))
        let token = try renewed.string("access_token")
        try await call(200, "GET", "/v1/bindings", .auditor)
        try await call(200, "GET", "/v1/bindings/\(binding)", .auditor)
        try await call(200, "POST", "/v1/validations", nil, ["scopes": ["claim.read"]], token: token)
        try await call(403, "POST", "/v1/validations", nil, ["scopes": ["claim.write"]], token: token)
        try await call(200, "POST", "/v1/usage", nil, ["amount": 2], token: token)
        try await signingKeys(token)
        let other = TestDevice(machine: 2)
        let second = try await call(
            201, "POST", "/v1/bindings", nil,
            try other.bindingBody(code, try await call(201, "POST", "/v1/activations", nil, holder).json))
        try await call(200, "DELETE", "/v1/bindings/\(try second.string("binding_id"))", .issuer)
    }

    private func signingKeys(_ token: String) async throws {
        let key = try await call(
            201, "POST", "/v1/signing-keys", nil, ["profile": "v3.2.0", "valid_for": "P30D"], token: token
        ).string("key_id")
        try await call(200, "GET", "/v1/signing-keys", token: token)
        let seconds = server.clock.nanoseconds() / 1_000_000_000
        try await call(
            401, "GET", "/v3/insured/status",
            headers: [
                "X-Api-Version": "v3.2.0", "X-Timestamp": "\(seconds)", "X-Nonce": "a-nonce-of-no-call",
                "X-Key-Id": key, "X-Signature": Data(repeating: 7, count: 32).base64EncodedString(),
                "X-Request-Id": "refused-in-life-1",
            ])
        try await call(200, "GET", "/v1/refused-calls", token: token)
        try await call(200, "GET", "/v1/refused-calls/refused-in-life-1", token: token)
        try await call(200, "POST", "/v1/signing-keys/\(key)/revocation", nil, [:], token: token)
        let other = try await call(201, "POST", "/v1/signing-keys", nil, ["profile": "tif"], token: token)
        try await call(200, "DELETE", "/v1/signing-keys/\(try other.string("key_id"))", .issuer)
    }

    private func changes(_ code: String, _ id: String) async throws {
        try await call(200, "GET", "/v1/codes?limit=1", .auditor)
        try await call(200, "POST", "/v1/codes/\(id)/renewals", .issuer, [:])
        try await call(403, "POST", "/v1/codes/\(id)/renewals", .issuer, [:])
        try await call(200, "POST", "/v1/codes/\(id)/suspension", .issuer, ["comment": "for now"])
        try await call(403, "POST", "/v1/validations", nil, ["code": .string(code)])
        try await call(200, "DELETE", "/v1/codes/\(id)/suspension", .issuer)
        try await call(200, "POST", "/v1/validations", nil, ["code": .string(code)])
        try await call(200, "POST", "/v1/codes/\(id)/revocation", .issuer, ["reason": "key_compromise"])
        let refused = try await call(403, "POST", "/v1/validations", nil, ["code": .string(code)])
        #expect(refused.checks.first == "revoked")
        try await call(403, "POST", "/v1/activations", nil, ["code": .string(code)])
        try await call(200, "GET", "/v1/codes/\(id)", .auditor)
        try await call(200, "GET", "/v1/codes/\(id)/timeline?limit=5", .auditor)
    }

    private func batch(_ institution: String) async throws {
        let policy = try await server.setPolicy()
        let application = try await call(
            201, "POST", "/v1/applications", .issuer,
            ["institution_id": .string(institution), "policy": .string(policy), "quantity": 3]
        ).string("id")
        let first = try await call(
            200, "POST", "/v1/batches", .issuer, ["application_id": .string(application)])
        try await call(204, "DELETE", "/v1/batches/\(first.header("x-batch-id") ?? "")", .issuer)
        let second = try await call(
            200, "POST", "/v1/batches", .issuer, ["application_id": .string(application)])
        let received = try ReceivedBatch(ndjson: second.text)
        try await call(
            200, "POST", "/v1/batches/\(received.id)/confirm", .issuer, ["sha256": .string(received.digest)])
        try await call(200, "GET", "/v1/batches/\(received.id)", .auditor)
        try await call(200, "GET", "/v1/batches", .auditor)
    }

    private func log() async throws {
        let size = try await server.caughtUp()
        try await call(200, "GET", "/v1/audit/entries?order=oldest&limit=200", .auditor)
        try await call(200, "GET", "/v1/audit/entries/0", .auditor)
        try await call(200, "GET", "/v1/audit/entries/0/proof")
        try await call(404, "GET", "/v1/audit/entries/99999/proof")
        try await call(200, "GET", "/log/checkpoint")
        try await call(200, "GET", "/log/verifier.key")
        let newest = try await server.caughtUp()
        #expect(newest >= size)
        let width = server.logSize
        try await call(200, "GET", "/log/tile/entries/000.p/\(width)", .auditor)
        try await call(200, "GET", "/log/tile/0/000.p/\(width)")
        for path in ["/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/v1/keys"] {
            try await call(200, "GET", path)
        }
    }
}
