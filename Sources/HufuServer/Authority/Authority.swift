package import ActivationCodes
import AuditLog
package import Foundation
package import Storage

/// The authority: use cases, a file each, over one shared context. HTTP, the console and the command line are
/// doors to the same methods.
package struct Authority: Sendable {
    /// What all use cases share. One reference, for a decision's closures each keep it.
    private final class Context: Sendable {
        let store: Store
        let keys: AuthorityKeys
        let entropy: EntropySource
        let clock: @Sendable () -> Int64
        let passwords: PasswordHasher
        let tokens: TokenIssuer
        let personal: PersonalVault
        let counters = Counters()
        let committed: @Sendable () -> Void

        init(
            store: Store, keys: AuthorityKeys, entropy: EntropySource, clock: @escaping @Sendable () -> Int64,
            passwords: PasswordHasher, tokens: TokenIssuer, committed: @escaping @Sendable () -> Void
        ) {
            self.store = store
            self.keys = keys
            self.entropy = entropy
            self.clock = clock
            self.passwords = passwords
            self.tokens = tokens
            self.committed = committed
            personal = PersonalVault(store: store, keyEncryptionKey: keys.personal, entropy: entropy)
        }
    }

    private let context: Context

    package init(
        store: Store, keys: AuthorityKeys, entropy: EntropySource, clock: @escaping @Sendable () -> Int64,
        passwords: PasswordHasher, committed: @escaping @Sendable () -> Void
    ) async {
        context = Context(
            store: store, keys: keys, entropy: entropy, clock: clock, passwords: passwords,
            tokens: await TokenIssuer(key: keys.tokens), committed: committed)
    }

    package var store: Store { context.store }
    package var keys: AuthorityKeys { context.keys }
    package var entropy: EntropySource { context.entropy }
    package var passwords: PasswordHasher { context.passwords }
    package var tokens: TokenIssuer { context.tokens }
    package var personal: PersonalVault { context.personal }
    package var counters: Counters { context.counters }

    /// Nanoseconds since 1970. Nothing else reads a clock.
    package func clock() -> Int64 { context.clock() }

    /// Called behind every commit: there is something to sequence.
    package func committed() { context.committed() }

    package func now() -> Date { Date(unixMilliseconds: clock() / 1_000_000) }

    /// A UUID of version 7 (RFC 9562 §5.7): ordered by time, so that lists by id are lists by age.
    func newID() throws -> UUID {
        var bytes = try entropy.bytes(16)
        let milliseconds = UInt64(clock() / 1_000_000)
        for position in 0..<6 {
            bytes[position] = UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * position))
        }
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
