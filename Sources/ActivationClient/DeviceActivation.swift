public import ActivationCodes
import AuditLog
import Crypto
import Foundation

extension ActivationClient {
    /// Redeems the code and binds this machine's key to it.
    ///
    /// May be repeated after any failure: an activation that was begun with the same code is taken up again
    /// and spends no second use. Activating with another code replaces the binding and keeps the key.
    ///
    /// - Throws: `APIProblem` (the refusal with all its checks), `ServerUnreachable`, `DeviceFileError`,
    ///   `PrivateFileError`, `LeaseError` where the lease handed out is not authentic.
    @discardableResult
    public func activate(code: CodeSecret) async throws -> DeviceStatus {
        guard let server = configuration.server else {
            throw ServerAddressError(text: "", allowed: "https://host[:port], given to activate")
        }
        // Held across the calls: two processes activating at once would spend two uses and race for the file.
        let lock = try await FileLock.acquire(beside: store.file)
        var record = try await store.load() ?? DeviceRecord(key: P256.Signing.PrivateKey(), lastSeen: now())
        let connection = try APIConnection(server, trustedCAFile: configuration.trustedCAFile)
        let keys = try await authorityKeys(connection)
        let (activation, challenge) = try await beginActivation(code, &record, connection)
        let fingerprint = try machine.hashed(for: configuration.product)
        let answer = try await bind(
            code, activation: activation, challenge: challenge, fingerprint: fingerprint, key: record.key,
            connection)
        guard let id = UUID(uuidString: try answer.text("binding_id")),
            let codeID = UUID(uuidString: try answer.text("code_id"))
        else { throw UnexpectedAnswer("the binding's ids are no UUIDs") }
        let binding = DeviceRecord.Binding(
            server: server.text, product: configuration.product, id: id, codeID: codeID,
            lease: try answer.text("lease"), accessToken: try answer.text("access_token"),
            accessTokenExpiresAt: now().addingTimeInterval(Double(try answer.number("expires_in"))),
            authorityKeys: keys, fingerprint: fingerprint.components)
        _ = try authenticLease(of: binding, key: record.key)
        record.binding = binding
        record.pending = nil
        _ = record.see(now())
        try await store.save(record)
        _ = consume lock
        return try await status()
    }

    /// The Ed25519 keys that leases are signed with, by key id.
    private func authorityKeys(_ connection: APIConnection) async throws -> [String: Data] {
        let set = try await connection.send(.get, "/v1/keys").json()
        var keys: [String: Data] = [:]
        for key in set["keys"]?.array ?? []
        where key["kty"]?.string == "OKP" && key["crv"]?.string == "Ed25519" {
            guard let id = key["kid"]?.string, let bytes = key["x"]?.base64URL, bytes.count == 32 else {
                continue
            }
            keys[id] = bytes
        }
        if let pinned = configuration.authorityKey { keys = keys.filter { $0.value == pinned } }
        guard !keys.isEmpty else {
            throw UnexpectedAnswer("the server names no authority key that this device may trust")
        }
        return keys
    }

    /// A fresh activation, or the one that was begun before. What is about to happen is written down first.
    private func beginActivation(
        _ code: CodeSecret, _ record: inout DeviceRecord, _ connection: APIConnection
    ) async throws -> (id: String, challenge: JSON) {
        let hash = Data(SHA256.hash(data: Data(code.text.utf8)))
        if let pending = record.pending, pending.codeHash == hash, let id = pending.activationID {
            do {
                return (id, try await newChallenge(code, activation: id, connection))
            } catch let problem as APIProblem where problem.status == 404 {
                // The server doesn't know it (any more): begin anew.
                record.pending = nil
            }
        }
        let isRepetition = record.pending?.codeHash == hash
        let key = isRepetition ? record.pending?.idempotencyKey : nil
        var pending = DeviceRecord.Pending(
            codeHash: hash, idempotencyKey: key ?? UUID().uuidString.lowercased(), activationID: nil)
        record.pending = pending
        try await store.save(record)
        let answer: JSON
        do {
            answer = try await connection.send(
                .post, "/v1/activations", body: ["code": .string(code.text)],
                headers: ["Idempotency-Key": pending.idempotencyKey]
            ).json()
        } catch let problem as APIProblem where problem.status < 500 && problem.status != 409 {
            // Decided: trying again later is a new request, with a new key. After a failure inside the
            // server, or while it still works on the first attempt, that is not known.
            record.pending = nil
            try await store.save(record)
            throw problem
        }
        let id = try answer.text("activation_id")
        pending.activationID = id
        record.pending = pending
        try await store.save(record)
        // A repeated answer may carry a challenge that is over.
        guard !isRepetition, let challenge = answer["challenge"] else {
            return (id, try await newChallenge(code, activation: id, connection))
        }
        return (id, challenge)
    }

    private func newChallenge(
        _ code: CodeSecret, activation: String, _ connection: APIConnection
    ) async throws -> JSON {
        try await connection.send(
            .post, "/v1/activations/\(activation)/challenges", body: ["code": .string(code.text)]
        ).json()
    }

    private func bind(
        _ code: CodeSecret, activation: String, challenge: JSON, fingerprint: DeviceFingerprint,
        key: P256.Signing.PrivateKey, _ connection: APIConnection
    ) async throws -> JSON {
        let challengeID = try challenge.text("id")
        let thumbprint = Base64URL.encode(key.publicKey.thumbprint)
        let message = """
            hufu-binding-v1
            \(challengeID)
            \(try challenge.text("value"))
            \(activation)
            \(thumbprint)

            """
        let coordinates = key.publicKey.rawRepresentation
        return try await connection.send(
            .post, "/v1/bindings",
            body: [
                "code": .string(code.text), "activation_id": .string(activation),
                "challenge_id": .string(challengeID),
                "public_key": [
                    "kty": "EC", "crv": "P-256", "x": .string(Base64URL.encode(coordinates.prefix(32))),
                    "y": .string(Base64URL.encode(coordinates.suffix(32))),
                ],
                "fingerprint": fingerprint.json,
                "signature": .string(
                    Base64URL.encode(try key.signature(for: Data(message.utf8)).rawRepresentation)),
            ]
        ).json()
    }
}

extension DeviceFingerprint {
    var json: JSON { .object(components.mapValues { .string(Base64URL.encode($0)) }) }
}
