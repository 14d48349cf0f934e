public import ActivationCodes
public import Foundation

/// What a device knows about itself without asking anybody.
public struct DeviceStatus: Sendable, Equatable {
    public var bindingID: UUID
    public var codeID: UUID
    /// Where it was activated.
    public var server: String
    /// RFC 7638, 32 bytes.
    public var keyThumbprint: Data
    /// Authentic, but perhaps over: see `refusal`.
    public var lease: Lease
    /// Why the lease does not count now; nil when it does. Rolled-back clocks are found here too.
    public var refusal: LeaseError?
    /// The latest time this device has ever seen.
    public var lastSeen: Date
    /// Components of the machine that are not as they were at activation. How many may change is the policy's
    /// decision, which the server takes at the next contact.
    public var changedComponents: [String]

    public var isCurrent: Bool { refusal == nil }

    /// Whether the lease counts now and grants the scope.
    public func permits(_ scope: String) -> Bool { isCurrent && lease.scopes.contains(scope) }
}

/// The authority's answer about a code, asked online.
public struct Validation: Sendable, Equatable {
    public var codeID: UUID
    public var state: CodeState
    public var scopes: [String]
    public var roles: [String]
    public var expiresAt: Date?
    /// Nil where the code has no usage limit.
    public var usesLeft: Int?
    public var checkedAt: Date
    /// The entry in the audit log that records this very answer.
    public var logIndex: Int
}

/// A metered use, as counted by the authority.
public struct Usage: Sendable, Equatable {
    public var usedCount: Int
    public var usageLimit: Int?
    public var usesLeft: Int?
    public var state: CodeState
}
