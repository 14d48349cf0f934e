import AuditLog
import Foundation

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

struct FuzzRequest: Sendable, CustomStringConvertible {
    var method: String
    var target: String
    var body: [UInt8]?
    var headers: [String: String]
    var isAnonymous: Bool

    var description: String {
        "\(method) \(target) \(String(decoding: body ?? [], as: UTF8.self)) \(headers)"
    }
}

/// Requests that were right once, and what spoils them.
struct FuzzCorpus: Sendable {
    private let operations: [(method: String, path: String)]
    private let bodies: [String: JSON]
    private let ids: [String]
    private let policy: String

    init(_ server: RunningServer) async throws {
        let code = try await server.issueCode(policy: ["usage_limit": 1_000_000, "device_limit": 100])
        let device = TestDevice()
        let activation = try await server.activate(code.code).json
        let bound = try await server.bind(device, code)
        let policy = try await server.setPolicy()
        let institution = try await server.addInstitution()
        let binding = try bound.string("binding_id")
        let victim = try await server.id(of: .secondApprover)
        let batch = try await server.apply(policy: policy, ["quantity": 3])
        let key: JSON = .string(code.code)
        bodies = [
            "/v1/bootstrap": ["token": "t", "name": "n", "password": "a long password"],
            "/v1/tokens": ["name": "Test admin", "password": "a long password"],
            "/v1/tokens/refresh": ["refresh_token": "r"], "/v1/tokens/revoke": ["refresh_token": "r"],
            "/v1/operators": ["name": "n", "password": "a long password", "roles": ["auditor"]],
            "/v1/operators/{id}": ["active": true, "roles": ["approver"]],
            "/v1/institutions": ["name": "n", "kind": "hospital", "region": "310000"],
            "/v1/policies/{name}": [
                "duration": "P30D", "activate_within": "72h", "usage_limit": 3, "device_limit": 2,
                "approvals": 1,
                "ip_allow_list": ["10.0.0.0/8", "2001:db8::/32"], "scopes": ["a.b"], "roles": ["his"],
                "renewal": ["count": 1, "period": "P1D"], "reference": "A.1", "fingerprint_matching": "two",
            ],
            "/v1/applications": [
                "institution_id": .string(institution), "policy": .string(policy), "quantity": 1,
                "purpose": "p",
                "contact": ["name": "n", "phone": "13800000000", "email": "a@b.cn"],
                "terms": [
                    "expires": "P10D", "not_before": "2026-01-01T00:00:00Z", "activate_within": "1h",
                    "usage_limit": 1, "metadata": ["a": "b"], "ip_allow_list": ["10.0.0.0/8"],
                    "scopes": ["claim.read"],
                ],
            ],
            "/v1/applications/{id}/approve": ["comment": "c"],
            "/v1/applications/{id}/reject": ["comment": "c"],
            "/v1/applications/{id}/issue": [:],
            "/v1/batches": ["application_id": .string(batch), "format": "csv"],
            "/v1/batches/{id}/confirm": ["sha256": .string(String(repeating: "a", count: 64))],
            "/v1/codes/{id}/renewals": [:], "/v1/codes/{id}/suspension": ["comment": "c"],
            "/v1/codes/{id}/revocation": ["reason": "superseded", "comment": "c"],
            "/v1/activations": ["code": key], "/v1/activations/{id}/challenges": ["code": key],
            "/v1/bindings": try device.bindingBody(code.code, activation),
            "/v1/bindings/{id}/challenges": [:],
            "/v1/bindings/{id}/tokens": try device.tokenBody(
                binding: binding, challenge: activation["challenge"] ?? .null),
            "/v1/validations": ["code": key, "scopes": ["claim.read"], "fingerprint": device.fingerprint],
            "/v1/usage": ["code": key, "amount": 1],
        ]
        ids = [code.id, code.applicationID, binding, victim, batch, institution]
        self.policy = policy
        operations = try await server.publishedRoutes().sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }

    func next(_ random: inout SeededRandom) -> FuzzRequest {
        let operation = operations[Int.random(in: 0..<operations.count, using: &random)]
        var request = FuzzRequest(
            method: operation.method, target: target(operation.path, &random), body: nil, headers: [:],
            isAnonymous: Int.random(in: 0..<4, using: &random) == 0)
        if let body = bodies[operation.path] { request.body = spoiled(body, &random) }
        if Int.random(in: 0..<3, using: &random) == 0 {
            let name = Self.headers.randomElement(using: &random) ?? "Accept"
            request.headers[name] = noise(&random)
        }
        if operation.method == "PUT" { request.headers["If-None-Match"] = "*" }
        return request
    }

    private static let headers = [
        "X-Request-Id", "traceparent", "Idempotency-Key", "User-Agent", "X-Forwarded-For", "If-Match",
        "If-None-Match",
        "Content-Type", "Authorization",
    ]

    private static let oddities = [
        "%00", "%ff%fe", "..", "%2e%2e%2f", "-1", "0", "99999999999999999999", "9223372036854775807", "1e9",
        "%25", "'",
        "a%20b", "%E2%80%AE", "NULL", "000.p/256", "x001/000.p/1", "{id}", "+", "%0d%0aX:%20y",
    ]

    private func target(_ path: String, _ random: inout SeededRandom) -> String {
        var target = ""
        for segment in path.split(separator: "/") {
            let isKept = Int.random(in: 0..<8, using: &random) > 0
            if segment.hasPrefix("{") && isKept {
                target +=
                    "/"
                    + (segment == "{name}"
                        ? policy : (ids + ["0", "1"]).randomElement(using: &random) ?? "0")
            } else {
                target +=
                    "/" + (isKept ? String(segment) : Self.oddities.randomElement(using: &random) ?? "x")
            }
        }
        let queries = [
            "limit", "cursor", "state", "event", "since", "until", "subject_id", "code_id", "order",
            "outcome",
        ]
        if Int.random(in: 0..<3, using: &random) == 0 {
            target += "?" + (queries.randomElement(using: &random) ?? "limit") + "="
            target += Self.oddities.randomElement(using: &random) ?? ""
        }
        return target
    }

    private func noise(_ random: inout SeededRandom) -> String {
        let length = Int.random(in: 0...300, using: &random)
        return String(
            decoding: (0..<length).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }, as: UTF8.self)
    }

    /// The body with a member exchanged, added or taken away, or with its bytes disturbed.
    private func spoiled(_ body: JSON, _ random: inout SeededRandom) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 0...2, using: &random) { disturb(&body, &random) }
        var bytes = body.canonical()
        guard Int.random(in: 0..<4, using: &random) == 0, !bytes.isEmpty else { return bytes }
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            bytes[position] = UInt8.random(in: 0...255, using: &random)
        }
        return bytes
    }

    private func disturb(_ value: inout JSON, _ random: inout SeededRandom) {
        let choice = Int.random(in: 0..<4, using: &random)
        if case .object(var members) = value, let key = members.keys.sorted().randomElement(using: &random) {
            if choice == 0 {
                members[key] = nil
            } else if choice == 1 {
                members[noise(&random)] = odd(&random)
            } else {
                var member = members[key] ?? .null
                disturb(&member, &random)
                members[key] = member
            }
            value = .object(members)
        } else if case .array(var elements) = value, choice < 2, !elements.isEmpty {
            elements.append(elements[0])
            disturb(&elements[0], &random)
            value = .array(elements)
        } else {
            value = odd(&random)
        }
    }

    private func odd(_ random: inout SeededRandom) -> JSON {
        let values: [JSON] = [
            .null, true, 0, -1, 1, 1e300, 0.5, .integer(.max), .integer(.min), "", [], [:], [[[]]],
            ["a": ["b": [1]]],
            .string(String(repeating: "9", count: 400)), "\u{0}", "\u{202E}\u{FEFF}", "P999999999Y",
            "P99999D",
            "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "999999999h", "0h",
            "::/0", "0.0.0.0/0",
            .string(UUID().uuidString), .string(String(repeating: "A", count: 43)),
            .string(String(repeating: "A", count: 86)), "unspecified", "claim.read",
        ]
        return values.randomElement(using: &random) ?? .null
    }
}
