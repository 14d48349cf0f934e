import ActivationCodes
import AuditLog
import Crypto
package import Foundation
package import Storage

extension Authority {
    private static let bootstrapSetting = "bootstrap_token_hash"

    /// A one-time token with which somebody makes himself known as an admin. Only who can open the data
    /// directory gets one: at the first start, in a demonstration, or to recover from a lost password. A new one
    /// replaces the one before.
    package func operatorToken() async throws -> String {
        let token = Data(try entropy.bytes(32)).base64URL
        let hash = Data(SHA256.hash(data: Data(token.utf8))).base64URL
        _ = try await decide(
            try systemCall(), "operator.token_made", "make_token", subject: "operator"
        ) { transaction, _ in
            try transaction.set(Self.bootstrapSetting, to: hash)
            return .success(Done())
        }
        return token
    }

    /// Whether nobody could get in: there is no operator, and no token that makes one.
    package func needsOperatorToken() async throws -> Bool {
        try await store.read { transaction in
            try !transaction.hasOperators() && transaction.setting(Self.bootstrapSetting) == nil
        }
    }

    /// Makes an operator, an admin, with the one-time token.
    package func bootstrap(_ call: Call, token: String, name: String, password: String) async throws
        -> Operator
    {
        let presented = Data(SHA256.hash(data: Data(token.utf8)))
        guard try await isBootstrap(presented) else {
            try await logRefused(call, "operator.created", "bootstrap")
            throw InputError.unauthenticated
        }
        let person = Operator(
            id: try newID(), name: name, roles: [.admin], passwordHash: try await passwords.hash(password),
            createdAt: now())
        return try await decide(
            call, "operator.created", "bootstrap", subject: "operator", personal: ["name": .string(name)],
            status: 201
        ) { transaction, record in
            guard try Self.isBootstrap(presented, transaction) else { throw InputError.unauthenticated }
            do { try transaction.save(person) } catch StorageError.duplicate {
                throw InputError.conflict("an operator with this name exists")
            }
            try transaction.removeSetting(Self.bootstrapSetting)
            record.subject.id = person.id.lowercased
            record.data["roles"] = ["admin"]
            return .success(person)
        }
    }

    private func isBootstrap(_ presented: Data) async throws -> Bool {
        try await store.read { try Self.isBootstrap(presented, $0) }
    }

    private static func isBootstrap(_ presented: Data, _ transaction: Transaction) throws -> Bool {
        guard let expected = try transaction.setting(bootstrapSetting).flatMap({ Data(base64URL: $0) }) else {
            return false
        }
        return SymmetricKey(data: presented) == SymmetricKey(data: expected)
    }

    package func addOperator(
        _ call: Call, name: String, password: String, roles: Set<Operator.Role>
    ) async throws -> Operator {
        let person = Operator(
            id: try newID(), name: name, roles: roles, passwordHash: try await passwords.hash(password),
            createdAt: now())
        return try await decide(
            call, "operator.created", "create", subject: "operator", personal: ["name": .string(name)],
            status: 201
        ) { transaction, record in
            do { try transaction.save(person) } catch StorageError.duplicate {
                throw InputError.conflict("an operator with this name exists")
            }
            record.subject.id = person.id.lowercased
            record.data["roles"] = JSON(roles.map(\.rawValue).sorted())
            return .success(person)
        }
    }

    /// Changes roles, password or whether the operator may work at all. Either of the last two ends all of the
    /// operator's sessions: at once when disabled, else when the access token ends.
    package func changeOperator(
        _ call: Call, _ id: UUID, roles: Set<Operator.Role>?, active: Bool?, password: String?
    ) async throws -> Operator {
        let passwordHash: String? = if let password { try await passwords.hash(password) } else { nil }
        return try await decide(call, "operator.changed", "change", subject: "operator") {
            transaction, record in
            guard var person = try transaction.operator(id: id) else { throw InputError.notFound("operator") }
            record.subject.id = person.id.lowercased
            person.roles = roles ?? person.roles
            person.active = active ?? person.active
            person.passwordHash = passwordHash ?? person.passwordHash
            try transaction.save(person)
            if active == false || passwordHash != nil { try transaction.removeRefreshTokens(of: id) }
            record.data = [
                "roles": JSON(person.roles.map(\.rawValue).sorted()), "active": .bool(person.active),
                "password_changed": .bool(passwordHash != nil),
            ]
            return .success(person)
        }
    }

    package func `operator`(_ id: UUID) async throws -> Operator {
        guard let found = try await store.read({ try $0.operator(id: id) }) else {
            throw InputError.notFound("operator")
        }
        return found
    }

    package func operators(_ page: Page) async throws -> [Operator] {
        try await store.read { try $0.operators(after: page.cursor, limit: page.limit) }
    }
}
