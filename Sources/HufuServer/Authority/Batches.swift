import ActivationCodes
import AuditLog
import Crypto
package import Foundation
package import Storage

/// How a batch is streamed out.
package enum BatchFormat: String, CaseIterable, Sendable {
    case csv, ndjson

    var mediaType: String { self == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson" }

    var header: String { self == .csv ? "index,id,code\n" : "" }

    func line(_ code: ActivationCode, _ secret: CodeSecret) -> String {
        switch self {
        case .csv: "\(code.index),\(code.id.lowercased),\(secret.text)\n"
        case .ndjson:
            "{\"code\":\"\(secret.text)\",\"id\":\"\(code.id.lowercased)\",\"index\":\(code.index)}\n"
        }
    }

    /// The last line: what the receiver confirms. The digest covers all bytes before it.
    func trailer(_ batch: Batch, digest: Data) -> String {
        let hex = digest.hexadecimal
        return switch self {
        case .csv: "# batch_id=\(batch.id.lowercased) count=\(batch.count) sha256=\(hex)\n"
        case .ndjson:
            "{\"batch_id\":\"\(batch.id.lowercased)\",\"count\":\(batch.count),\"sha256\":\"\(hex)\"}\n"
        }
    }
}

/// A batch is issued in two steps, so that nothing half-issued can remain. First its codes are staged and
/// streamed out; for nobody do they exist yet. Then the receiver, who holds every byte, confirms the digest of
/// what arrived, and in one transaction all of them exist. What nobody confirms is taken away again.
extension Authority {
    /// How many codes one transaction stages: small enough that other writers hardly wait.
    static let stagedAtOnce = 1000
    /// How long a staged batch waits for its confirmation.
    static let stagedFor: TimeInterval = 900

    /// Opens a batch for an approved application of more than one code.
    package func openBatch(_ call: Call, application id: UUID) async throws -> Batch {
        let batchID = try newID()
        let person = try call.person()
        let now = now()
        return try await decide(call, "batch.staged", "stage", subject: "batch") { transaction, record in
            guard let application = try transaction.application(id: id) else {
                throw InputError.notFound("application")
            }
            record.about(application)
            record.subject = AuditEntry.Subject(kind: "batch", id: batchID.lowercased)
            record.data["count"] = JSON(application.quantity)
            if let refusal = Self.refusal(toIssue: application, alone: false) { return .failure(refusal) }
            // Terms that can't be issued any more are told now, not in the middle of the stream.
            _ = try makeCode(transaction, application, id: batchID, at: now)
            let batch = Batch(
                id: batchID, applicationID: id, count: application.quantity, createdBy: person, createdAt: now
            )
            do { try transaction.insert(batch) } catch StorageError.duplicate {
                return .failure(Refusal(.conflict, detail: "a batch of this application is being issued"))
            }
            return .success(batch)
        }
    }

    /// Stages a batch's codes and hands each part of the text to `send` once its codes are durable. When
    /// `send` fails, the receiver is gone: the batch is discarded.
    @concurrent
    package func streamBatch(
        _ call: Call, _ batch: Batch, _ format: BatchFormat, _ send: @concurrent (String) async throws -> Void
    ) async throws {
        do {
            var hasher = SHA256()
            var generator = CodeGenerator(entropy: entropy)
            func emit(_ text: String) async throws {
                hasher.update(data: Data(text.utf8))
                try await send(text)
            }
            if !format.header.isEmpty { try await emit(format.header) }
            var left = batch.count
            while left > 0 {
                let secrets = try generator.next(min(left, Self.stagedAtOnce))
                let codes = try await stage(secrets, batch)
                var text = ""
                for (code, secret) in zip(codes, secrets) { text += format.line(code, secret) }
                try await emit(text)
                left -= secrets.count
            }
            let digest = Data(hasher.finalize())
            let streamed = now()
            guard try await store.write({ try $0.setDigest(digest, of: batch.id, at: streamed) }) else {
                throw InputError.conflict("the batch was discarded")
            }
            try await send(format.trailer(batch, digest: digest))
        } catch {
            try? await discard(call, batch)
            throw error
        }
    }

    private func stage(_ secrets: [CodeSecret], _ batch: Batch) async throws -> [ActivationCode] {
        let now = now()
        let ids = try secrets.map { _ in try newID() }
        let sealed = try zip(secrets, ids).map { secret, id in
            (
                lookup: keys.codes.lookupHash(of: secret),
                payload: try keys.codes.seal(
                    Data(secret.symbols), context: Self.sealingContext(id), entropy: entropy)
            )
        }
        return try await store.write { transaction in
            guard let application = try transaction.application(id: batch.applicationID),
                try transaction.batch(id: batch.id)?.state == .staged
            else { throw InputError.conflict("the batch was discarded") }
            let model = try makeCode(transaction, application, id: ids[0], at: now)
            return try ids.indices.map { position in
                var code = model
                code.id = ids[position]
                code.index = model.index + position
                try transaction.insert(
                    StoredCode(
                        code: code, institutionID: application.institutionID, applicationID: application.id,
                        batchID: batch.id),
                    lookup: sealed[position].lookup, sealed: sealed[position].payload)
                return code
            }
        }
    }

    /// Confirms that all of a batch arrived: now its codes exist.
    package func confirmBatch(_ call: Call, _ id: UUID, digest: Data) async throws -> Batch {
        let now = now()
        return try await decide(call, "batch.issued", "issue", subject: "batch") { transaction, record in
            guard var batch = try transaction.batch(id: id),
                let application = try transaction.application(id: batch.applicationID)
            else { throw InputError.notFound("batch") }
            record.about(application)
            record.subject = AuditEntry.Subject(kind: "batch", id: id.lowercased)
            record.data["count"] = JSON(batch.count)
            record.data["sha256"] = .string(digest.base64URL)
            switch batch.state {
            case .issued where batch.digest == digest:
                record.data["repeated"] = true
                return .success(batch)
            case .issued: return .failure(Refusal(.alreadyDecided, detail: "the batch is issued"))
            case .discarding: return .failure(Refusal(.conflict, detail: "the batch was discarded"))
            case .staged: break
            }
            guard let expected = batch.digest else {
                return .failure(Refusal(.conflict, detail: "the batch is still being streamed"))
            }
            guard expected == digest else {
                return .failure(
                    Refusal(.conflict, detail: "sha256 is not that of the bytes before the last line"))
            }
            try transaction.confirm(id, at: now)
            try transaction.setState(.issued, of: application.id)
            batch.state = .issued
            batch.confirmedAt = now
            return .success(batch)
        }
    }

    /// Takes a staged batch away; its application can be issued again. The decision and its entry are one
    /// transaction, after which nobody can confirm; the codes, which never existed for anybody, go in parts.
    package func discard(_ call: Call, _ batch: Batch) async throws {
        _ = try await decide(call, "batch.discarded", "discard", subject: "batch") {
            transaction, record -> Result<Batch, Refusal> in
            if let application = try transaction.application(id: batch.applicationID) {
                record.about(application)
            }
            record.subject = AuditEntry.Subject(kind: "batch", id: batch.id.lowercased)
            record.data["count"] = JSON(batch.count)
            guard try transaction.beginDiscarding(batch.id) else {
                return .failure(Refusal(.conflict, detail: "the batch is issued, or discarded already"))
            }
            return .success(batch)
        }
        try await removeDiscarded(batch)
    }

    private func removeDiscarded(_ batch: Batch) async throws {
        while try await store.write({ try $0.removeDiscarded(batch, limit: Self.stagedAtOnce) }) == false {}
    }

    package func discardBatch(_ call: Call, _ id: UUID) async throws {
        try await discard(call, try await batch(id))
    }

    /// At start-up: whoever was receiving a batch is cut off, or would have to confirm one that a restart
    /// interrupted; and discarding goes on where it was cut short.
    package func discardUnconfirmedBatches() async throws {
        for batch in try await store.read({ try $0.batches(.discarding) }) {
            try await removeDiscarded(batch)
        }
        for batch in try await store.read({ try $0.batches(.staged) }) {
            try await discard(try systemCall(), batch)
        }
    }

    package func batch(_ id: UUID) async throws -> Batch {
        guard let found = try await store.read({ try $0.batch(id: id) }) else {
            throw InputError.notFound("batch")
        }
        return found
    }

    package func batches(_ page: Page) async throws -> [Batch] {
        try await store.read { try $0.batches(after: page.cursor, limit: page.limit) }
    }
}
