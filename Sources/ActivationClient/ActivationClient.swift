public import ActivationCodes
import AuditLog
import Crypto
public import Foundation

/// This machine as a device of a Hufu authority: activates a code, binds the machine's own key to it, keeps
/// the signed lease and checks it without asking.
///
///     let server = try ServerAddress("https://hufu.example")
///     let client = try ActivationClient(.init(server: server, file: path))
///     try await client.activate(code: try CodeSecret(parsing: text))
///     if try await client.status().isCurrent { … }        // offline
///     let answer = try await client.validate(scopes: ["claim.write"])
///
/// Everything it knows lies in one file, read anew at each call, so any number of clients and processes may
/// share it.
public struct ActivationClient: Sendable {
    public struct Configuration: Sendable {
        /// Needed to activate; afterwards the file knows it.
        public var server: ServerAddress?
        /// The device file. Its directory is made with mode 0700 where it is missing.
        public var file: String
        /// Salts the fingerprint: the same machine looks different to every product.
        public var product: String
        /// PEM certificates; when given, no other is trusted.
        public var trustedCAFile: String?
        /// The authority's Ed25519 key (32 bytes) when the product ships with it. Otherwise the keys that the
        /// server names at activation are trusted from then on.
        public var authorityKey: Data?
        /// Where `/` is, for the fingerprint.
        public var root: String

        public init(
            server: ServerAddress? = nil, file: String, product: String = "hufu",
            trustedCAFile: String? = nil,
            authorityKey: Data? = nil, root: String = "/"
        ) {
            self.server = server
            self.file = file
            self.product = product
            self.trustedCAFile = trustedCAFile
            self.authorityKey = authorityKey
            self.root = root
        }
    }

    let configuration: Configuration
    let machine: MachineFingerprint
    let store: DeviceFile
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - entropy: for salts and nonces. The device's key always comes from the system's generator.
    ///   - now: the clock that leases are checked by.
    public init(
        _ configuration: Configuration, entropy: EntropySource = .system,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        self.configuration = configuration
        machine = MachineFingerprint(root: configuration.root)
        store = try DeviceFile(path: configuration.file, machine: machine, entropy: entropy)
        self.now = now
    }

    /// What the lease permits at this moment, by nothing but the file, the pinned key and the clock.
    ///
    /// - Throws: `DeviceFileError.notActivated`, and `LeaseError` only where the stored lease is not
    ///   authentic. A lease that is over is no error: see `DeviceStatus.refusal`.
    public func status() async throws -> DeviceStatus {
        let now = now()
        guard var record = try await store.load(), let binding = record.binding else {
            throw DeviceFileError.notActivated
        }
        let lease = try authenticLease(of: binding, key: record.key)
        let status = DeviceStatus(
            bindingID: binding.id, codeID: binding.codeID, server: binding.server,
            keyThumbprint: record.key.publicKey.thumbprint, lease: lease,
            refusal: lease.isCurrent(at: now, lastSeen: record.lastSeen).failure,
            lastSeen: max(record.lastSeen, now), changedComponents: try changedComponents(since: binding))
        if record.see(now) { try await change { _ = $0.see(now) } }
        return status
    }

    /// Reads the record, changes it and writes it back, alone.
    func change(_ change: (inout DeviceRecord) -> Void) async throws {
        let lock = try await FileLock.acquire(beside: store.file)
        guard var record = try await store.load() else { throw DeviceFileError.notActivated }
        change(&record)
        try await store.save(record)
        _ = consume lock
    }

    /// The stored lease, once it is proven to be the authority's word about this key and this binding.
    func authenticLease(of binding: DeviceRecord.Binding, key: P256.Signing.PrivateKey) throws -> Lease {
        let lease = try Self.verified(binding.lease, by: binding.authorityKeys)
        guard lease.keyThumbprint == key.publicKey.thumbprint, lease.bindingID == binding.id else {
            throw LeaseError.wrongKey
        }
        return lease
    }

    static func verified(_ token: String, by keys: [String: Data]) throws(LeaseError) -> Lease {
        var failure = LeaseError.wrongKey
        for (id, bytes) in keys {
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { continue }
            do {
                return try Lease.verified(token, by: key, keyID: id)
            } catch .wrongKey {
                continue
            } catch {
                failure = error
            }
        }
        throw failure
    }

    private func changedComponents(since binding: DeviceRecord.Binding) throws -> [String] {
        let present = try machine.hashed(for: binding.product).components
        return binding.fingerprint.keys.filter { present[$0] != binding.fingerprint[$0] }.sorted()
    }
}

extension Result where Success == Void {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
