import ActivationCodes
import AuditLog
import Crypto
import Foundation
package import Storage

/// What a log-in or a refresh answers.
package struct Session: Sendable {
    package var accessToken: String
    package var refreshToken: String
    package var person: Operator
}

/// Nothing to show beyond that it was done.
struct Done: Representable {
    var json: JSON { [:] }
}

extension Authority {
    /// How long a session lives without being refreshed.
    static let refreshLifetime: TimeInterval = 12 * 3600

    package func logIn(_ call: Call, name: String, password: String) async throws -> Session {
        let person = try await store.read { try $0.operator(named: name) }
        let matches = try await passwords.verify(password, against: person?.passwordHash)
        guard let person, matches, person.active else {
            try await logRefused(
                call, "session.opened", "log_in", person?.id, personal: ["name": .string(name)])
            throw InputError.unauthenticated
        }
        return try await openSession(
            call, person, family: try newID(), event: "session.opened", replacing: nil)
    }

    /// Logs an attempt with a secret that is not the right one. The answer tells nothing of what was wrong.
    func logRefused(
        _ call: Call, _ event: String, _ action: String, _ id: UUID? = nil, personal: [String: JSON] = [:]
    ) async throws {
        do {
            _ = try await decide(
                call, event, action, subject: "operator", personal: personal
            ) { _, record -> Result<Done, Refusal> in
                record.subject.id = id?.lowercased
                return .failure(Refusal(.notFound))
            }
        } catch is Refusal {
            // Logged; the caller answers.
        }
    }

    /// Rotates a refresh token. One that was used before was stolen or replayed: its whole family ends.
    package func refresh(_ call: Call, token: String) async throws -> Session {
        let hash = Self.hash(token)
        let now = now()
        guard let known = try await store.read({ try $0.refreshToken(hash: hash) }) else {
            try await logRefused(call, "session.refreshed", "refresh")
            throw InputError.unauthenticated
        }
        if known.usedAt != nil { try await endStolenFamily(call, known) }
        let person = try await self.operator(known.operatorID)
        guard person.active, known.expiresAt > now else {
            try await logRefused(call, "session.refreshed", "refresh", person.id)
            throw InputError.unauthenticated
        }
        do {
            return try await openSession(
                call, person, family: known.family, event: "session.refreshed", replacing: known)
        } catch InputError.refreshReused {
            // Another request used it between the look-up and this one's turn: reuse all the same.
            try await endStolenFamily(call, known)
            throw InputError.refreshReused
        }
    }

    private func endStolenFamily(_ call: Call, _ token: RefreshToken) async throws {
        _ = try await decide(call, "session.reuse_detected", "end", subject: "operator") {
            transaction, record in
            record.subject.id = token.operatorID.lowercased
            record.data["family"] = JSON(token.family)
            try transaction.removeRefreshTokens(family: token.family)
            return .success(Done())
        }
        throw InputError.refreshReused
    }

    package func endSession(_ call: Call, token: String) async throws {
        let hash = Self.hash(token)
        guard let known = try await store.read({ try $0.refreshToken(hash: hash) }) else { return }
        _ = try await decide(call, "session.closed", "log_out", subject: "operator") { transaction, record in
            record.subject.id = known.operatorID.lowercased
            try transaction.removeRefreshTokens(family: known.family)
            return .success(Done())
        }
    }

    private func openSession(
        _ call: Call, _ person: Operator, family: UUID, event: String, replacing old: RefreshToken?
    ) async throws -> Session {
        let now = now()
        let refreshToken = Data(try entropy.bytes(32)).base64URL
        let stored = RefreshToken(
            hash: Self.hash(refreshToken), family: family, operatorID: person.id,
            expiresAt: now.addingTimeInterval(Self.refreshLifetime))
        let accessToken = try await tokens.issue(.person, subject: person.id, id: try newID(), at: now)
        _ = try await decide(call, event, "log_in", subject: "operator") { transaction, record in
            record.subject.id = person.id.lowercased
            record.data["family"] = JSON(family)
            // Disabled, or given another password, while this log-in was being checked.
            guard let current = try transaction.operator(id: person.id), current.active,
                current.passwordHash == person.passwordHash
            else { throw InputError.unauthenticated }
            if let old {
                guard let token = try transaction.refreshToken(hash: old.hash) else {
                    throw InputError.unauthenticated
                }
                // Two refreshes with one token race: the second must not find it unused.
                guard token.usedAt == nil else { throw InputError.refreshReused }
                try transaction.markUsed(old, at: now)
            }
            try transaction.insert(stored)
            return .success(Done())
        }
        return Session(accessToken: accessToken, refreshToken: refreshToken, person: person)
    }

    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }

    /// Who holds an access token now. An operator's roles are read afresh: a change takes hold at once.
    package func caller(bearing token: String) async throws -> Call.Caller {
        let claims = try await tokens.claims(of: token, at: now())
        guard let id = UUID(uuidString: claims.sub) else { throw InputError.unauthenticated }
        switch claims.kind {
        case .device:
            guard let index = claims.index else { throw InputError.unauthenticated }
            return .device(bindingID: id, codeIndex: index)
        case .person:
            guard let person = try await store.read({ try $0.operator(id: id) }), person.active else {
                throw InputError.unauthenticated
            }
            return .person(id: id, name: person.name, roles: person.roles)
        }
    }

    /// An operator asked for what the roles don't allow: a decision like any other.
    package func logForbidden(_ call: Call, method: String, route: String) async throws {
        do {
            _ = try await decide(
                call, "access.denied", "access", subject: "operator"
            ) { _, record -> Result<Done, Refusal> in
                if case .person(let id, _, _) = call.caller { record.subject.id = id.lowercased }
                record.data = ["method": .string(method), "route": .string(route)]
                return .failure(Refusal(.scopeNotGranted))
            }
        } catch is Refusal {
            // The door answers 403 itself.
        }
    }
}
