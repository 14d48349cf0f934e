public import Foundation

/// A decision against the caller: a value, with every check that failed and what would cure it.
///
/// An `Error` only so that it fits into `Result`; broken input and broken machines are errors of their own.
public struct Refusal: Error, Sendable, Equatable {
    /// Stable codes: programs branch on them, so none is ever renamed or reused.
    public enum Code: String, CaseIterable, Sendable {
        case notFound = "not_found"
        case expired
        case notYetValid = "not_yet_valid"
        case activationWindowPassed = "activation_window_passed"
        case exhausted
        case revoked
        case suspended
        case notSuspended = "not_suspended"
        case notActivated = "not_activated"
        case deviceMismatch = "device_mismatch"
        case deviceLimit = "device_limit"
        case bindingKeyMismatch = "binding_key_mismatch"
        case addressNotAllowed = "ip_not_allowed"
        case scopeNotGranted = "scope_not_granted"
        case renewalsUsedUp = "renewals_used_up"
        case illegalTransition = "illegal_transition"

        // The authority's own, decided around a code.
        case approvalMissing = "approval_missing"
        case selfApproval = "self_approval"
        case alreadyDecided = "already_decided"
        case rejected
        case challengeInvalid = "challenge_invalid"
        case proofInvalid = "proof_invalid"
        case invalidCode = "invalid_code"
        case rateLimited = "rate_limited"
        case deviceRevoked = "device_revoked"
        case conflict
    }

    /// One failed check.
    public struct Check: Sendable, Equatable {
        public var code: Code
        /// What exactly failed, never secret: `needs claim.write`.
        public var detail: String?

        public init(_ code: Code, detail: String? = nil) {
            self.code = code
            self.detail = detail
        }

        public init(code: Code, detail: String? = nil) {
            self.init(code, detail: detail)
        }
    }

    /// All checks that failed, at least one, the most important first.
    public var checks: [Check]
    /// When the code's validity ended; set whenever `expired` is among the checks.
    public var validUntil: Date?

    /// - Precondition: `checks` isn't empty.
    public init(_ checks: [Check], validUntil: Date? = nil) {
        precondition(!checks.isEmpty, "a refusal has a reason")
        self.checks = checks
        self.validUntil = validUntil
    }

    public init(_ code: Code, detail: String? = nil) {
        self.init([Check(code, detail: detail)])
    }

    /// The code of the first check.
    public var reason: Code { checks[0].code }
}
