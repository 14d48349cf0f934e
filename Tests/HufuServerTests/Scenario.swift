import AuditLog
import Foundation
import HufuServer
import Storage

/// A code as its holder got it.
struct IssuedForTest: Sendable {
    let code: String
    let id: String
    let index: Int
    let applicationID: String
}

/// A step that answered, but not what the scenario goes on with.
struct MissingMember: Error {
    let name: String
}

extension Answer {
    func string(_ name: String) throws -> String {
        guard let value = self[name]?.string else { throw MissingMember(name: name) }
        return value
    }
}

extension RunningServer {
    func addInstitution() async throws -> String {
        try await expect(
            201, "POST", "/v1/institutions", as: .admin,
            body: ["name": .string("Hospital \(UUID())"), "kind": "hospital", "region": "310000"]
        ).string("id")
    }

    /// A new policy under a name of its own. Without approvals unless asked for.
    func setPolicy(_ fields: [String: JSON] = [:]) async throws -> String {
        let name = "p-\(UUID().uuidString.lowercased())"
        let defaults: [String: JSON] = [
            "duration": "P90D", "approvals": 0, "scopes": ["claim.read", "claim.write"], "roles": ["his"],
            "usage_limit": 10,
        ]
        try await expect(
            201, "PUT", "/v1/policies/\(name)", as: .admin,
            body: .compact(defaults.merging(fields) { $1 }), headers: ["If-None-Match": "*"])
        return name
    }

    func apply(policy: String, _ fields: [String: JSON] = [:], as staff: Staff = .issuer) async throws
        -> String
    {
        let body: [String: JSON] = [
            "institution_id": .string(try await addInstitution()), "policy": .string(policy),
        ]
        return try await expect(
            201, "POST", "/v1/applications", as: staff, body: .object(body.merging(fields) { $1 })
        ).string("id")
    }

    func issue(_ application: String) async throws -> IssuedForTest {
        let answer = try await expect(
            201, "POST", "/v1/applications/\(application)/issue", as: .issuer, body: [:])
        guard let detail = answer["code_detail"], let id = detail["id"]?.string,
            let index = detail["index"]?.integer
        else { throw MissingMember(name: "code_detail") }
        return IssuedForTest(
            code: try answer.string("code"), id: id, index: index, applicationID: application)
    }

    /// Policy, application and issue in one go.
    func issueCode(policy: [String: JSON] = [:], terms: JSON = [:]) async throws -> IssuedForTest {
        try await issue(try await apply(policy: try await setPolicy(policy), ["terms": terms]))
    }

    func activate(_ code: String, headers: [String: String] = [:]) async throws -> Answer {
        try await request("POST", "/v1/activations", body: ["code": .string(code)], headers: headers)
    }

    func validate(
        _ code: String, scopes: [String] = [], fingerprint: JSON? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        var body: [String: JSON] = ["code": .string(code), "scopes": JSON(scopes)]
        if let fingerprint { body["fingerprint"] = fingerprint }
        return try await request("POST", "/v1/validations", body: .object(body), headers: headers)
    }

    func state(of code: IssuedForTest) async throws -> String {
        try await expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor).string("state")
    }
}
