import AuditLog
import Foundation
import Synchronization

/// Those who work at the authority in the scenarios.
enum Staff: String, CaseIterable, Sendable {
    case admin, issuer, approver, secondApprover, auditor

    var role: String { self == .secondApprover ? "approver" : rawValue }
    var name: String { "Test \(rawValue)" }
    var password: String { "correct horse \(rawValue)" }
}

/// Who exists, and the tokens that still hold.
final class Sessions: Sendable {
    struct Known: Sendable {
        var id: String
        var token: String?
        var since: Date
    }

    let known = Mutex<[Staff: Known]>([:])
}

extension RunningServer {
    /// An access token that holds now: makes the operator at the first call, logs in again when it is due.
    func token(of staff: Staff) async throws -> String {
        let now = clock.now
        let known = sessions.known.withLock { $0[staff] }
        if let token = known?.token, let since = known?.since, now.timeIntervalSince(since) < 600 {
            return token
        }
        let id = if let known { known.id } else { try await create(staff) }
        let session = try await logIn(staff)
        let token = session["access_token"]?.string ?? ""
        sessions.known.withLock { $0[staff] = .init(id: id, token: token, since: now) }
        return token
    }

    func id(of staff: Staff) async throws -> String {
        _ = try await token(of: staff)
        return sessions.known.withLock { $0[staff]?.id } ?? ""
    }

    /// A new session: access and refresh token.
    func logIn(_ staff: Staff) async throws -> Answer {
        try await expect(
            200, "POST", "/v1/tokens",
            body: ["name": .string(staff.name), "password": .string(staff.password)])
    }

    /// The operators, so that a scenario may go on from many tasks.
    func prepare(_ staff: Staff...) async throws {
        for person in staff { _ = try await token(of: person) }
    }

    /// Who exists, for a server that goes on with this directory.
    var knownStaff: [Staff: Sessions.Known] { sessions.known.withLock { $0 } }

    /// A server that ran before knows them already.
    func remember(_ known: [Staff: Sessions.Known]) {
        sessions.known.withLock { $0 = known.mapValues { .init(id: $0.id, token: nil, since: $0.since) } }
    }

    private func create(_ staff: Staff) async throws -> String {
        let answer: Answer
        if staff == .admin {
            let token = try await operatorToken()
            answer = try await expect(
                201, "POST", "/v1/bootstrap",
                body: [
                    "token": .string(token), "name": .string(staff.name), "password": .string(staff.password),
                ])
        } else {
            answer = try await expect(
                201, "POST", "/v1/operators", as: .admin,
                body: [
                    "name": .string(staff.name), "password": .string(staff.password),
                    "roles": [.string(staff.role)],
                ])
        }
        return answer["id"]?.string ?? ""
    }
}
