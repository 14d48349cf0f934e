/// One version of the platform's signature: where a request carries it, what it covers, and with what it is
/// made.
///
/// A version is one file that adds a static member; ``all`` lists them.
public struct Profile: Sendable, Identifiable {
    /// The stable name, as `X-Api-Version` carries it: `v3.2.0`, `gm`, `fsi-sm`.
    public let id: String
    /// How many seconds a request's time may lie behind or ahead of the server's; exactly so many are
    /// admitted.
    public let window: Int
    /// How many seconds a nonce stays used; twice the window at least, since a time may lie ahead by one.
    public let nonceLifetime: Int
    public let timeForm: TimeForm
    /// Whether requests carry a nonce; if not, ``RequestVerifier/replayToken(of:in:)`` stands for it.
    public let hasNonce: Bool
    /// The kinds of keys that fit.
    public let keyKinds: [KeyKind]
    /// How many bytes a shared secret may have, if the profile uses one.
    public let secretSizes: ClosedRange<Int>
    let scheme: any SigningScheme

    init(
        id: String, window: Int = 300, nonceLifetime: Int = 600, timeForm: TimeForm = .seconds,
        hasNonce: Bool = true, keyKinds: [KeyKind], secretSizes: ClosedRange<Int> = 1...4096,
        scheme: some SigningScheme
    ) {
        self.id = id
        self.window = window
        self.nonceLifetime = nonceLifetime
        self.timeForm = timeForm
        self.hasNonce = hasNonce
        self.keyKinds = keyKinds
        self.secretSizes = secretSizes
        self.scheme = scheme
    }
}

extension Profile: Hashable, CustomStringConvertible {
    public static func == (a: Profile, b: Profile) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
    public var description: String { id }
}
