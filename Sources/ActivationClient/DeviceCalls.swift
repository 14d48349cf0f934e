public import ActivationCodes
import AuditLog
import Crypto
import Foundation

extension ActivationClient {
    /// Proves possession of the key again and gets a fresh lease (and token). Needs the server, but no code.
    @discardableResult
    public func renewLease() async throws -> Lease {
        guard let record = try await store.load(), var binding = record.binding else {
            throw DeviceFileError.notActivated
        }
        let connection = try connection(to: binding)
        let path = "/v1/bindings/\(binding.id.uuidString.lowercased())"
        let challenge = try await connection.send(.post, path + "/challenges", body: [:]).json()
        let challengeID = try challenge.text("id")
        let message = """
            hufu-token-v1
            \(challengeID)
            \(try challenge.text("value"))
            \(binding.id.uuidString.lowercased())

            """
        let answer = try await connection.send(
            .post, path + "/tokens",
            body: [
                "challenge_id": .string(challengeID),
                "fingerprint": try machine.hashed(for: binding.product).json,
                "signature": .string(
                    Base64URL.encode(try record.key.signature(for: Data(message.utf8)).rawRepresentation)),
            ]
        ).json()
        binding.lease = try answer.text("lease")
        binding.accessToken = try answer.text("access_token")
        binding.accessTokenExpiresAt = now().addingTimeInterval(Double(try answer.number("expires_in")))
        let lease = try authenticLease(of: binding, key: record.key)
        let renewed = binding
        let now = now()
        try await change { record in
            // A device that was activated anew meanwhile keeps its newer binding.
            if record.binding?.id == renewed.id { record.binding = renewed }
            _ = record.see(now)
        }
        return lease
    }

    /// Asks the authority whether the code holds for these scopes, now, on this machine.
    ///
    /// - Throws: `APIProblem` with every failed check when it does not.
    public func validate(scopes: [String]) async throws -> Validation {
        let answer = try await call("/v1/validations", scopes: scopes)
        guard let codeID = answer["code_id"]?.uuid,
            let state = answer["state"]?.string.flatMap(CodeState.init),
            let checkedAt = answer["checked_at"]?.date
        else { throw UnexpectedAnswer("the validation lacks code_id, state or checked_at") }
        return Validation(
            codeID: codeID, state: state, scopes: answer.texts("scopes"), roles: answer.texts("roles"),
            expiresAt: answer["expires_at"]?.date, usesLeft: answer["uses_left"]?.integer,
            checkedAt: checkedAt,
            logIndex: try answer.number("log_index"))
    }

    /// Counts `amount` uses, all of them or none.
    public func use(_ amount: Int) async throws -> Usage {
        let answer = try await send(.post, "/v1/usage", ["amount": .integer(Int64(amount))]).json()
        guard let state = answer["state"]?.string.flatMap(CodeState.init) else {
            throw UnexpectedAnswer("the usage lacks its state")
        }
        return Usage(
            usedCount: try answer.number("used_count"), usageLimit: answer["usage_limit"]?.integer,
            usesLeft: answer["uses_left"]?.integer, state: state)
    }

    private func call(_ path: String, scopes: [String]) async throws -> JSON {
        let product = try await store.load()?.binding?.product ?? configuration.product
        return try await send(
            .post, path,
            [
                "scopes": .array(scopes.map { .string($0) }),
                "fingerprint": try machine.hashed(for: product).json,
            ]
        ).json()
    }

    /// Sends as this device. A token that the server takes for expired (its clock counts, not ours) is
    /// replaced once.
    func send(_ method: APIConnection.Method, _ path: String, _ body: JSON?) async throws -> APIResponse {
        guard var binding = try await store.load()?.binding else { throw DeviceFileError.notActivated }
        if binding.accessTokenExpiresAt < now().addingTimeInterval(30) {
            try await renewLease()
            binding = try await store.load()?.binding ?? binding
        }
        var connection = try connection(to: binding)
        connection.token = binding.accessToken
        do {
            return try await connection.send(method, path, body: body)
        } catch let problem as APIProblem where problem.status == 401 {
            try await renewLease()
            connection.token = try await store.load()?.binding?.accessToken
            return try await connection.send(method, path, body: body)
        }
    }

    private func connection(to binding: DeviceRecord.Binding) throws -> APIConnection {
        let server = try configuration.server ?? ServerAddress(binding.server)
        return try APIConnection(server, trustedCAFile: configuration.trustedCAFile)
    }
}

extension JSON {
    fileprivate func texts(_ key: String) -> [String] { (self[key]?.array ?? []).compactMap(\.string) }
}
