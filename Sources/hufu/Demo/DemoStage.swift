import ActivationClient
import ActivationCodes
import AuditLog
import Crypto
import Foundation

/// The server as the demo's actors see it: over HTTP, with answers read or refusals caught.
struct DemoStage: Sendable {
    let address: ServerAddress
    let trustedCAFile: String?
    let report: DemoReport

    /// An operator with a session.
    struct Actor: Sendable {
        let id: String
        let connection: APIConnection
    }

    /// The people of the play.
    struct Cast: Sendable {
        let admin: Actor
        let issuer: Actor
        let firstApprover: Actor
        let secondApprover: Actor
        let auditor: Actor
    }

    func anybody(token: String? = nil) throws -> APIConnection {
        try APIConnection(address, token: token, trustedCAFile: trustedCAFile)
    }

    /// Makes the operators. Their names are new each time, so that the demo can be repeated on one directory.
    func cast(token: String) async throws -> Cast {
        let suffix = String(UUID().uuidString.lowercased().prefix(6))
        let password = Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
        let name = "demo-admin-\(suffix)"
        _ = try await anybody().send(
            .post, "/v1/bootstrap",
            body: ["token": .string(token), "name": .string(name), "password": .string(password)])
        let admin = try await actor(name, password)
        func make(_ role: String, _ roles: [String]) async throws -> Actor {
            let name = "demo-\(role)-\(suffix)"
            _ = try await admin.connection.send(
                .post, "/v1/operators",
                body: [
                    "name": .string(name), "password": .string(password),
                    "roles": .array(roles.map(JSON.string)),
                ])
            return try await actor(name, password)
        }
        let cast = Cast(
            admin: admin, issuer: try await make("issuer", ["issuer", "approver"]),
            firstApprover: try await make("approver1", ["approver"]),
            secondApprover: try await make("approver2", ["approver"]),
            auditor: try await make("auditor", ["auditor"]))
        report.held(
            "operators", "操作员",
            [
                "the one-time token made the first admin; it works once",
                "an issuer, two approvers and an auditor logged in with passwords hashed by scrypt",
            ])
        return cast
    }

    private func actor(_ name: String, _ password: String) async throws -> Actor {
        let session = try await anybody().send(
            .post, "/v1/tokens", body: ["name": .string(name), "password": .string(password)]
        ).json()
        guard let id = session["operator"]?["id"]?.string else { throw UnexpectedAnswer("no operator") }
        return Actor(id: id, connection: try anybody(token: try session.text("access_token")))
    }

    /// The code of the problem that a call must end in.
    func refusal(_ what: String, _ call: () async throws -> APIResponse) async throws -> APIProblem {
        do { _ = try await call() } catch let problem as APIProblem { return problem }
        throw CommandFailure(.refused, "✗ does not hold: \(what) should have been refused")
    }
}
