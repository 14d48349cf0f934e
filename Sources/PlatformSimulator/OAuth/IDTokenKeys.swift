import Synchronization

/// The keys of id_tokens: the newest signs, the one before it can still be verified.
final class IDTokenKeys: Sendable {
    private let keys: Mutex<[IDTokenKey]>
    private let made = Atomic<Int>(1)

    init() throws { keys = Mutex([try IDTokenKey(id: Self.name(1), .es256)]) }

    var current: IDTokenKey? { keys.withLock { $0.last } }

    func jwks() throws -> JSONText {
        .object(["keys": .array(try keys.withLock { $0 }.map { try $0.jwk() })])
    }

    /// Answers the new key's id.
    func rotate(to algorithm: IDTokenKey.Algorithm) throws -> String {
        let number = made.wrappingAdd(1, ordering: .relaxed).newValue
        let key = try IDTokenKey(id: Self.name(number), algorithm)
        keys.withLock { keys in
            keys.append(key)
            keys = keys.suffix(2)
        }
        return key.id
    }

    /// Random in part: a restarted sandbox has other keys, and must not give them the old names.
    private static func name(_ number: Int) -> String {
        "sandbox-\(number)-\(Hexadecimal.text(SandboxCredentials.randomBytes(4)))"
    }
}
