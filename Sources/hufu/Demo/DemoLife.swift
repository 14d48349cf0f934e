import ActivationClient
import ActivationCodes
import AuditLog
import Crypto
import Foundation
import Synchronization

/// The life of a code: apply → approve twice → issue → activate → bind → validate → renew → revoke → refused.
final class DemoLife: Sendable {
    private let stage: DemoStage
    private let cast: DemoStage.Cast
    private let index = Mutex(0)

    init(stage: DemoStage, cast: DemoStage.Cast) {
        self.stage = stage
        self.cast = cast
    }

    /// The last entry whose index was told.
    func lastIndex() -> Int { index.withLock { $0 } }

    func run() async throws {
        let application = try await apply()
        try await approve(application)
        let (code, id) = try await issue(application)
        let (activation, challenge) = try await activate(code)
        let device = try await bind(code, activation, challenge)
        try await validate(device)
        try await renew(id)
        try await revoke(id, device)
    }

    private func apply() async throws -> String {
        let suffix = String(UUID().uuidString.lowercased().prefix(6))
        let institution = try await cast.issuer.connection.send(
            .post, "/v1/institutions",
            body: ["name": .string("示例医院 \(suffix)"), "kind": "hospital", "region": "440300"]
        ).json()
        let policy: JSON = [
            "reference": "A.9.4.2-v2.1", "duration": "P90D", "duration_start": "first_activation",
            "usage_limit": 10, "device_limit": 1, "fingerprint_matching": "most", "roles": ["his"],
            "scopes": ["claim.read", "claim.write"], "approvals": 2,
            "ip_allow_list": ["127.0.0.0/8", "::1/128"],
            "renewal": ["count": 1],
        ]
        _ = try await cast.admin.connection.send(
            .put, "/v1/policies/demo-\(suffix)", body: policy, headers: ["If-None-Match": "*"])
        let application = try await cast.issuer.connection.send(
            .post, "/v1/applications",
            body: [
                "institution_id": .string(try institution.text("id")), "policy": .string("demo-\(suffix)"),
                "purpose": "outpatient settlement",
                "contact": ["name": "王小明", "phone": "13800001234", "email": "wang@example.com"],
                "terms": ["expires": "72h", "scopes": ["claim.read"]],
            ]
        ).json()
        let phone = application["contact"]?["phone"]?.string ?? ""
        try stage.report.expect(phone == "138****1234", "the contact is shown masked, not \(phone)")
        try stage.report.expect(try application.text("state") == "submitted", "the application waits")
        stage.report.held(
            "apply", "申请",
            [
                "a hospital applies under a policy that asks for two approvals",
                "the terms narrow the policy: 72 hours, one scope",
                "the contact's phone is shown as \(phone)",
            ])
        return try application.text("id")
    }

    private func approve(_ id: String) async throws {
        let path = "/v1/applications/\(id)/approve"
        let own = try await stage.refusal("approving one's own application") {
            try await cast.issuer.connection.send(.post, path, body: [:])
        }
        try stage.report.expect(own.code == "self_approval", "self_approval, not \(own.code)")
        _ = try await cast.firstApprover.connection.send(.post, path, body: ["comment": "checked"])
        let twice = try await stage.refusal("approving twice") {
            try await cast.firstApprover.connection.send(.post, path, body: [:])
        }
        try stage.report.expect(twice.code == "already_decided", "already_decided, not \(twice.code)")
        let early = try await stage.refusal("issuing after one approval") {
            try await cast.issuer.connection.send(.post, "/v1/applications/\(id)/issue", body: [:])
        }
        try stage.report.expect(early.code == "approval_missing", "approval_missing, not \(early.code)")
        let approved = try await cast.secondApprover.connection.send(.post, path, body: [:]).json()
        try stage.report.expect(try approved.text("state") == "approved", "two approvals suffice")
        stage.report.held(
            "two approvals", "双人审批",
            [
                "the applicant can't approve: \(own.code); nobody approves twice: \(twice.code)",
                "one approval is not enough to issue: \(early.code)",
                "a second operator's approval is",
            ])
    }

    private func issue(_ application: String) async throws -> (code: String, id: String) {
        let path = "/v1/applications/\(application)/issue"
        let issued = try await cast.issuer.connection.send(.post, path, body: [:]).json()
        let code = try issued.text("code")
        guard let detail = issued["code_detail"] else { throw UnexpectedAnswer("no code_detail") }
        let id = try detail.text("id")
        let shown = try await cast.auditor.connection.send(.get, "/v1/codes/\(id)").text
        try stage.report.expect(!shown.contains(code), "the code is shown once")
        try stage.report.expect(try detail.text("state") == "pending", "the code is pending")
        stage.report.held(
            "issue", "签发",
            [
                "code \(code.prefix(4))-…-\(code.suffix(4)): 130 random bits and two check symbols, shown this once",
                "the database keeps a keyed hash and a sealed copy",
            ])
        return (code, id)
    }

    private func activate(_ code: String) async throws -> (id: String, challenge: JSON) {
        let wrong = String(code.dropLast()) + (code.hasSuffix("0") ? "1" : "0")
        let typo = try await stage.refusal("activating a mistyped code") {
            try await stage.anybody().send(.post, "/v1/activations", body: ["code": .string(wrong)])
        }
        try stage.report.expect(typo.code == "invalid_code", "invalid_code, not \(typo.code)")
        let spelled = code.lowercased().replacing("-", with: " ")
        let activation = try await stage.anybody().send(
            .post, "/v1/activations", body: ["code": .string(spelled)]
        ).json()
        try stage.report.expect(try activation.text("state") == "active", "the code is active")
        guard let challenge = activation["challenge"] else { throw UnexpectedAnswer("no challenge") }
        stage.report.held(
            "activate", "激活",
            [
                "one wrong symbol is found by its check symbols: \(typo.code)",
                "lower case and spaces are fine: active until \(try activation.text("expires_at"))",
            ])
        return (try activation.text("activation_id"), challenge)
    }

    /// Answers a connection with the device's token.
    private func bind(_ code: String, _ activation: String, _ challenge: JSON) async throws -> APIConnection {
        let key = P256.Signing.PrivateKey()
        let other = P256.Signing.PrivateKey()
        let forged = try await stage.refusal("binding a key without holding it") {
            try await send(code, activation, challenge, key.publicKey, signedBy: other)
        }
        try stage.report.expect(forged.code == "proof_invalid", "proof_invalid, not \(forged.code)")
        let again = try await stage.anybody().send(
            .post, "/v1/activations/\(activation)/challenges", body: ["code": .string(code)]
        ).json()
        let bound = try await send(code, activation, again, key.publicKey, signedBy: key).json()
        try stage.report.expect(try bound.text("state") == "bound", "the code is bound")
        stage.report.held(
            "bind", "绑定设备",
            [
                "a signature by another key is refused: \(forged.code)",
                "the device proved possession of its P-256 key and got a token and an offline lease",
            ])
        return try stage.anybody(token: try bound.text("access_token"))
    }

    private func send(
        _ code: String, _ activation: String, _ challenge: JSON, _ key: P256.Signing.PublicKey,
        signedBy signer: P256.Signing.PrivateKey
    ) async throws -> APIResponse {
        let id = try challenge.text("id")
        let proof =
            "hufu-binding-v1\n\(id)\n\(try challenge.text("value"))\n\(activation)\n\(Base64URL.encode(key.thumbprint))\n"
        let point = key.rawRepresentation
        let component = Base64URL.encode(SHA256.hash(data: Data("demo machine".utf8)))
        return try await stage.anybody().send(
            .post, "/v1/bindings",
            body: [
                "code": .string(code), "activation_id": .string(activation), "challenge_id": .string(id),
                "public_key": [
                    "kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(point.prefix(32))),
                    "y": .string(Base64URL.encode(point.suffix(32))),
                ],
                "fingerprint": ["machine_id": .string(component)],
                "signature": .string(
                    Base64URL.encode(try signer.signature(for: Data(proof.utf8)).rawRepresentation)),
            ])
    }

    private func validate(_ device: APIConnection) async throws {
        let valid = try await device.send(.post, "/v1/validations", body: ["scopes": ["claim.read"]]).json()
        try stage.report.expect(valid["valid"] == true, "the code is valid")
        let denied = try await stage.refusal("a scope that was not granted") {
            try await device.send(.post, "/v1/validations", body: ["scopes": ["claim.write"]])
        }
        try stage.report.expect(denied.code == "scope_not_granted", "scope_not_granted, not \(denied.code)")
        stage.report.held(
            "validate", "校验",
            [
                "the device's token is good for claim.read; entry \(try valid.number("log_index")) says so",
                "claim.write is refused: \(denied.code)",
            ])
        let index = try valid.number("log_index")
        self.index.withLock { $0 = index }
    }

    private func renew(_ id: String) async throws {
        let before = try await cast.auditor.connection.send(.get, "/v1/codes/\(id)").json().text("expires_at")
        let path = "/v1/codes/\(id)/renewals"
        let renewed = try await cast.issuer.connection.send(.post, path, body: [:]).json()
        let after = try renewed.text("expires_at")
        try stage.report.expect(after > before, "the code is good for longer")
        let twice = try await stage.refusal("a second renewal") {
            try await cast.issuer.connection.send(.post, path, body: [:])
        }
        try stage.report.expect(twice.code == "renewals_used_up", "renewals_used_up, not \(twice.code)")
        stage.report.held(
            "renew", "续期",
            ["from \(before) to \(after)", "the policy allows one renewal; the next: \(twice.code)"])
    }

    private func revoke(_ id: String, _ device: APIConnection) async throws {
        let revoked = try await cast.issuer.connection.send(
            .post, "/v1/codes/\(id)/revocation", body: ["reason": "key_compromise", "comment": "demo"]
        ).json()
        try stage.report.expect(try revoked.text("state") == "revoked", "the code is revoked")
        stage.report.held("revoke", "吊销", ["with RFC 5280's reason key_compromise; final"])
        let refused = try await stage.refusal("a revoked code") {
            try await device.send(.post, "/v1/validations", body: ["scopes": ["claim.read"]])
        }
        try stage.report.expect(refused.code == "revoked", "revoked, not \(refused.code)")
        let entries = try await cast.auditor.connection.send(.get, "/v1/codes/\(id)/timeline?limit=500")
            .json()
        let last = entries["items"]?.array?.last
        try stage.report.expect(
            last?["entry"]?["reason"]?.string == "revoked", "the refusal is the last entry about the code")
        let index = try last?.number("index") ?? 0
        self.index.withLock { $0 = index }
        stage.report.held(
            "refused", "拒绝",
            [
                "the same token, a moment later: HTTP \(refused.status) \(refused.code)",
                "cure: \(refused.checks.first?.cure ?? "")  \(refused.checks.first?.cureInChinese ?? "")",
                "\(entries["items"]?.array?.count ?? 0) entries tell the code's life; the refusal is entry \(index)",
            ])
    }
}
