import ActivationCodes
import AuditLog
import Crypto
import Foundation
import Storage
import Synchronization

/// Personal values: in the log they stand only as salted commitments; here they lie encrypted beside the
/// entry, under a data key for each month that is itself wrapped. Emptying the column, or the key's row,
/// destroys the values and leaves every entry and proof valid.
package final class PersonalVault: Sendable {
    package struct Commitments: Sendable {
        var values: [String: Data]
        var payload: Data?
        var keyID: String?
    }

    struct DataKey: Sendable {
        fileprivate let id: String
        fileprivate let key: SealingKey
    }

    private let store: Store
    private let keyEncryptionKey: SealingKey
    private let entropy: EntropySource
    /// Unwrapped data keys that are durable in the database: never one whose transaction may still fail.
    private let cache = Mutex<[String: SealingKey]>([:])
    private let current = Mutex<DataKey?>(nil)
    /// Random bytes that were drawn and not used yet.
    private let reserve = Mutex<ArraySlice<UInt8>>([])

    init(store: Store, keyEncryptionKey: SealingKey, entropy: EntropySource) {
        self.store = store
        self.keyEncryptionKey = keyEncryptionKey
        self.entropy = entropy
    }

    /// Commits to each field with a salt of its own and seals values and salts together.
    func commit(_ fields: [String: JSON], _ call: Call, at now: Date) async throws -> Commitments {
        if fields.isEmpty { return Commitments(values: [:]) }
        return try commit(fields, call, try await currentKey(at: now))
    }

    /// The data key of this month, where nothing may wait for it: nil when it is not at hand.
    func keyAtHand(at now: Date) -> DataKey? {
        let month = Self.month(now)
        return current.withLock { $0 }.flatMap { $0.id.hasPrefix(month) ? $0 : nil }
    }

    func commit(_ fields: [String: JSON], _ call: Call, _ dataKey: DataKey) throws -> Commitments {
        var salts = try random(32 * fields.count + 12)
        var commitments = [String: Data](minimumCapacity: fields.count)
        var payload = CanonicalJSON()
        payload.write(raw: "{")
        for (name, value) in fields.sorted(by: { CanonicalJSON.precedes($0.key, $1.key) }) {
            let value = value.canonical()
            let salt = Data(salts.prefix(32))
            salts = salts.dropFirst(32)
            if !commitments.isEmpty { payload.write(raw: ",") }
            commitments[name] = Commitment.make(canonical: value, salt: salt)
            payload.write(name)
            payload.write(raw: #":{"salt":"#)
            payload.write(base64: salt)
            payload.write(raw: #","value":"#)
            payload.write(raw: value)
            payload.write(raw: "}")
        }
        payload.write(raw: "}")
        let sealed = try dataKey.key.seal(
            Data(payload.bytes), nonce: AES.GCM.Nonce(data: salts), context: Data(call.requestID.utf8))
        return Commitments(values: commitments, payload: sealed, keyID: dataKey.id)
    }

    /// Fresh bytes. The kernel is asked for 256 at a time, as many as it gives without waiting (getrandom(2)).
    private func random(_ count: Int) throws -> ArraySlice<UInt8> {
        try reserve.withLock { reserve in
            if reserve.count < count { reserve = try entropy.bytes(max(count, 256))[...] }
            defer { reserve.removeFirst(count) }
            return reserve.prefix(count)
        }
    }

    /// The data keys of these entries, as far as they were not destroyed.
    func keys(of entries: [StoredEntry]) async throws -> [String: SealingKey] {
        var keys: [String: SealingKey] = [:]
        for id in Set(entries.compactMap(\.payloadKey)) { keys[id] = try await key(id: id) }
        return keys
    }

    /// The values behind an entry's commitments, each checked against its commitment; nil when there are none
    /// or they were destroyed.
    func reveal(_ entry: StoredEntry, _ keys: [String: SealingKey]) throws -> [String: JSON]? {
        guard let payload = entry.payload, let key = entry.payloadKey.flatMap({ keys[$0] }) else {
            return nil
        }
        let body = try AuditEntry(json: JSON(parsing: Array(entry.body)))
        let opened = try JSON(
            parsing: Array(try key.open(payload, context: Data(body.requestID.utf8))))
        var values: [String: JSON] = [:]
        for (name, field) in opened.object ?? [:] {
            guard let salt = field["salt"]?.string.flatMap({ Data(base64Encoded: $0) }),
                let value = field["value"], let commitment = body.commitments[name],
                Commitment.verify(value, salt: salt, commitment: commitment)
            else { throw StorageError.corrupt("personal values of entry \(entry.index)") }
            values[name] = value
        }
        return values
    }

    private static func month(_ now: Date) -> String {
        String(RFC3339.string(unixMilliseconds: now.unixMilliseconds).prefix(7))
    }

    /// The data key of this month. One that was destroyed is followed by another of the same month.
    func currentKey(at now: Date) async throws -> DataKey {
        if let known = keyAtHand(at: now) { return known }
        let month = Self.month(now)
        let fresh = Data(try entropy.bytes(32))
        let id = try await store.write { [keyEncryptionKey] transaction in
            let keys = try transaction.payloadKeys(of: month)
            if let usable = keys.last(where: { !$0.isDestroyed }) { return usable.id }
            let id = keys.isEmpty ? month : "\(month).\(keys.count + 1)"
            let wrapped = try keyEncryptionKey.seal(fresh, context: Data(id.utf8))
            try transaction.insertPayloadKey(id: id, wrapped: wrapped, at: now)
            return id
        }
        guard let key = try await key(id: id) else {
            throw StorageError.corrupt("the data key \(id) was destroyed while in use")
        }
        let dataKey = DataKey(id: id, key: key)
        current.withLock { $0 = dataKey }
        return dataKey
    }

    private func key(id: String) async throws -> SealingKey? {
        if let key = cache.withLock({ $0[id] }) { return key }
        guard let wrapped = try await store.read({ try $0.wrappedPayloadKey(id: id) }) else { return nil }
        let key = SealingKey(
            SymmetricKey(data: try keyEncryptionKey.open(wrapped, context: Data(id.utf8))))
        cache.withLock { $0[id] = key }
        return key
    }

    /// Seals a document that stands in a column of its own, such as an applicant's contact.
    func seal(_ document: JSON, context: String) throws -> Data {
        try keyEncryptionKey.seal(Data(document.canonical()), context: Data(context.utf8))
    }

    func open(_ sealed: Data, context: String) throws -> JSON {
        try JSON(parsing: Array(try keyEncryptionKey.open(sealed, context: Data(context.utf8))))
    }

    /// Personal values as people may see them. A person's name stands in fields that end in `name`.
    static func masked(_ fields: [String: JSON]) -> JSON {
        .object(
            Dictionary(
                uniqueKeysWithValues: fields.map { field, value in
                    let last = field.split(separator: ".").last.map(String.init) ?? field
                    let key = last == "name" ? "person_name" : last
                    return (field, Redaction.standard.apply([key: value])[key] ?? .null)
                }))
    }
}
