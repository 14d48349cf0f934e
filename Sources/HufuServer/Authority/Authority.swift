package import ActivationCodes
import AuditLog
package import Foundation
package import Storage

/// The authority: one shared context for the use cases beside this file. HTTP, the console and the command
/// line are doors to the same methods.
package struct Authority: Sendable {
    package let store: Store
    package let keys: AuthorityKeys
    package let entropy: EntropySource
    /// Nanoseconds since 1970. Nothing else reads a clock.
    package let clock: @Sendable () -> Int64
    package let passwords: PasswordHasher
    package let tokens: TokenIssuer
    package let personal: PersonalVault
    package let counters: Counters
    /// Called behind every commit: there is something to sequence.
    package let committed: @Sendable () -> Void

    package init(
        store: Store, keys: AuthorityKeys, entropy: EntropySource, clock: @escaping @Sendable () -> Int64,
        passwords: PasswordHasher, committed: @escaping @Sendable () -> Void
    ) async {
        self.store = store
        self.keys = keys
        self.entropy = entropy
        self.clock = clock
        self.passwords = passwords
        self.committed = committed
        tokens = await TokenIssuer(key: keys.tokens)
        personal = PersonalVault(store: store, keyEncryptionKey: keys.personal, entropy: entropy)
        counters = Counters()
    }

    package func now() -> Date { Date(unixMilliseconds: clock() / 1_000_000) }

    /// A UUID of version 7 (RFC 9562 §5.7): ordered by time, so that lists by id are lists by age.
    func newID() throws -> UUID {
        var bytes = try entropy.bytes(16)
        let milliseconds = UInt64(clock() / 1_000_000)
        for position in 0..<6 { bytes[position] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * position)) }
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
