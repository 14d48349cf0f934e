/// Where a code stands in its life. Meaning and transitions: docs/formats/lifecycle.md.
public enum CodeState: String, Sendable, CaseIterable, Codable {
    /// Issued, never redeemed.
    case pending
    /// Redeemed at least once, no device bound yet.
    case active
    /// A device was bound; also when the last one was released since.
    case bound
    /// Every use is spent; devices already bound go on.
    case exhausted
    /// Stopped for now; returns to the state it came from.
    case suspended
    /// Its time is over. Final.
    case expired
    /// Withdrawn. Final.
    case revoked

    /// Whether nothing can follow.
    public var isFinal: Bool { self == .expired || self == .revoked }
}

/// What can happen to a code.
public enum CodeEvent: String, CaseIterable, Sendable {
    /// A redemption: counts one use.
    case activate
    /// A device registers its key.
    case bind
    /// Metered use.
    case use
    /// The last use is spent; follows from `activate` or `use`, nobody asks for it.
    case exhaust
    case suspend
    case resume
    /// The next validity period begins where the last one ends.
    case renew
    case revoke
    /// Time passed; found by the sweep or at the moment of use.
    case expire
}
