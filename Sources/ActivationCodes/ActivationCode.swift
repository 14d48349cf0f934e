public import Foundation

/// An activation code as the authority knows it: everything but the secret.
///
/// A value with pure decisions: each method returns the changed copy or a refusal, reads no clock and stores
/// nothing. Every instant is at whole milliseconds. Life: docs/formats/lifecycle.md.
public struct ActivationCode: Sendable, Equatable, Identifiable {
    /// When and why a code was revoked.
    public struct Revocation: Sendable, Equatable {
        public var reason: RevocationReason
        public var at: Date

        public init(reason: RevocationReason, at: Date) {
            self.reason = reason
            self.at = at
        }
    }

    public var id: UUID
    /// Dense, from 0: the code's place in status lists.
    public var index: Int
    public var state: CodeState
    /// The state that a suspended code returns to; `nil` in every other state.
    public var suspendedFrom: CodeState?
    public var policyName: String
    public var policyVersion: Int
    public var policyReference: String?
    public var createdAt: Date
    public var notBefore: Date
    /// The first instant at which the code is expired. `nil` only while it is pending and its duration starts
    /// with the first activation.
    public var expiresAt: Date?
    /// The first instant at which the first activation comes too late.
    public var activateBefore: Date
    public var duration: ValidityPeriod
    public var durationStart: Policy.DurationStart
    public var usageLimit: Int?
    /// Redemptions and metered uses together; 0 exactly as long as the code was never activated.
    public var usedCount: Int
    public var deviceLimit: Int
    public var matching: FingerprintMatching
    /// RFC 7638 SHA-256 thumbprint of the only key that may bind, where it was fixed at issue.
    public var bindingKey: Data?
    public var roles: [String]
    public var scopes: [String]
    /// Empty: anywhere.
    public var addressRanges: [AddressRange]
    public var renewalsLeft: Int
    public var renewalPeriod: ValidityPeriod
    public var metadata: CodeMetadata
    public var revocation: Revocation?

    /// A code read back from storage. Nothing is validated: what was stored was valid.
    public init(
        id: UUID, index: Int, state: CodeState, suspendedFrom: CodeState?,
        policyName: String, policyVersion: Int, policyReference: String?,
        createdAt: Date, notBefore: Date, expiresAt: Date?, activateBefore: Date,
        duration: ValidityPeriod, durationStart: Policy.DurationStart,
        usageLimit: Int?, usedCount: Int, deviceLimit: Int, matching: FingerprintMatching, bindingKey: Data?,
        roles: [String], scopes: [String], addressRanges: [AddressRange],
        renewalsLeft: Int, renewalPeriod: ValidityPeriod, metadata: CodeMetadata, revocation: Revocation?
    ) {
        self.id = id
        self.index = index
        self.state = state
        self.suspendedFrom = suspendedFrom
        self.policyName = policyName
        self.policyVersion = policyVersion
        self.policyReference = policyReference
        self.createdAt = createdAt
        self.notBefore = notBefore
        self.expiresAt = expiresAt
        self.activateBefore = activateBefore
        self.duration = duration
        self.durationStart = durationStart
        self.usageLimit = usageLimit
        self.usedCount = usedCount
        self.deviceLimit = deviceLimit
        self.matching = matching
        self.bindingKey = bindingKey
        self.roles = roles
        self.scopes = scopes
        self.addressRanges = addressRanges
        self.renewalsLeft = renewalsLeft
        self.renewalPeriod = renewalPeriod
        self.metadata = metadata
        self.revocation = revocation
    }
}
