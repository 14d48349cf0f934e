public import Foundation

/// A signed statement that a bound device may go on for a while without asking: what it may do, until when,
/// and how old the statement may get. Token form: docs/formats/lease.md.
public struct Lease: Sendable, Equatable {
    /// The authority that signs.
    public var issuer: String
    public var codeIndex: Int
    public var codeID: UUID
    public var bindingID: UUID
    public var scopes: [String]
    public var issuedAt: Date
    /// The first instant at which the lease is over.
    public var expiresAt: Date
    /// Seconds from ``issuedAt`` after which the device must have a new lease, however long this one would
    /// last.
    public var maximumStaleness: Int
    /// RFC 7638 SHA-256 thumbprint of the device's key, 32 bytes: the lease is good in its holder's hands
    /// only.
    public var keyThumbprint: Data

    public init(
        issuer: String, codeIndex: Int, codeID: UUID, bindingID: UUID, scopes: [String],
        issuedAt: Date, expiresAt: Date, maximumStaleness: Int, keyThumbprint: Data
    ) {
        self.issuer = issuer
        self.codeIndex = codeIndex
        self.codeID = codeID
        self.bindingID = bindingID
        self.scopes = scopes
        self.issuedAt = issuedAt.wholeMilliseconds
        self.expiresAt = expiresAt.wholeMilliseconds
        self.maximumStaleness = maximumStaleness
        self.keyThumbprint = keyThumbprint
    }

    /// How far two honest clocks may be apart, in milliseconds.
    private static let clockTolerance: Int64 = 60_000

    /// Whether the lease holds at `now`, by a clock that its owner may have set.
    ///
    /// - Parameter lastSeen: the latest time that this device has ever seen, kept across restarts; `nil` on
    ///   its first run. A clock more than 60 s behind it was turned back.
    public func isCurrent(at now: Date, lastSeen: Date?) -> Result<Void, LeaseError> {
        let now = now.milliseconds
        if let lastSeen, now < lastSeen.milliseconds - Self.clockTolerance {
            return .failure(.clockRolledBack)
        }
        if now < issuedAt.milliseconds - Self.clockTolerance { return .failure(.notYetValid) }
        if now >= expiresAt.milliseconds { return .failure(.expired) }
        // In floating point, so that no staleness overflows.
        if Double(now - issuedAt.milliseconds) > Double(maximumStaleness) * 1000 { return .failure(.stale) }
        return .success(())
    }
}

/// Why a lease is not accepted.
public enum LeaseError: Error, Equatable {
    /// No JWS compact token of this type with these claims.
    case malformed
    /// Signed with anything but EdDSA; such a signature is not even looked at.
    case wrongAlgorithm
    case badSignature
    case expired
    /// Older than its maximum staleness: ask for a new one.
    case stale
    /// The clock is behind a time already seen.
    case clockRolledBack
    case notYetValid
    /// Signed under another key id than expected.
    case wrongKey
}
