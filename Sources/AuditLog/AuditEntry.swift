public import Foundation

/// One decision, as it stands in the log for ever: docs/formats/audit-entry.md.
///
/// It holds no personal value in the clear: those are in ``commitments``, by the name of their field.
public struct AuditEntry: Sendable, Equatable {
    /// The format's version that this code writes.
    public static let currentVersion = 1
    /// The most bytes that an entry may have: a bundle gives its length two bytes (C2SP tlog-tiles).
    public static let maximumSize = 65_535

    public enum Outcome: String, Sendable, CaseIterable {
        case success
        /// A decision against the request.
        case refused
        /// No decision: broken input or a broken machine.
        case failure
    }

    public enum ActorKind: String, Sendable, CaseIterable {
        case `operator`, device, holder, system, anonymous
    }

    /// Who asked.
    public struct Actor: Sendable, Equatable {
        public var kind: ActorKind
        /// An opaque identifier, never a personal one such as an e-mail address.
        public var id: String?

        public init(kind: ActorKind, id: String? = nil) {
            self.kind = kind
            self.id = id
        }
    }

    /// Through which door the request came. Its address and user agent are personal: see ``commitments``.
    public struct Origin: Sendable, Equatable {
        /// `http`, `cli`, `system`.
        public var door: String

        public init(door: String) {
            self.door = door
        }
    }

    /// What it was about.
    public struct Subject: Sendable, Equatable {
        /// `code`, `application`, `batch`, `institution`, `policy`, `operator`, `token`, `binding`,
        /// `activation`, `log`.
        public var kind: String
        public var id: String?

        public init(kind: String, id: String? = nil) {
            self.kind = kind
            self.id = id
        }
    }

    public var version: Int
    /// Since 1970-01-01T00:00:00Z.
    public var unixNanoseconds: Int64
    /// 0 (emergency) to 7 (debug), RFC 5424, section 6.2.1.
    public var severity: Int
    /// What happened, such as `code.validated`.
    public var event: String
    /// What was asked for, such as `validate`.
    public var action: String
    public var outcome: Outcome
    /// The stable code of a refusal or failure.
    public var reason: String?
    public var actor: Actor
    public var origin: Origin
    public var subject: Subject
    public var applicationID: UUID?
    public var requestID: String
    /// 32 hexadecimal digits (W3C Trace Context).
    public var traceID: String
    public var serialNumber: String?
    public var policyReferences: [String]
    /// An object; nothing personal, and whole numbers within ±(2^53 − 1).
    public var data: JSON
    /// Field → 32-byte ``Commitment`` to its personal value.
    public var commitments: [String: Data]

    public init(
        version: Int = AuditEntry.currentVersion, unixNanoseconds: Int64, severity: Int = 6, event: String,
        action: String, outcome: Outcome = .success, reason: String? = nil, actor: Actor, origin: Origin,
        subject: Subject, applicationID: UUID? = nil, requestID: String, traceID: String,
        serialNumber: String? = nil, policyReferences: [String] = [], data: JSON = [:],
        commitments: [String: Data] = [:]
    ) {
        self.version = version
        self.unixNanoseconds = unixNanoseconds
        self.severity = severity
        self.event = event
        self.action = action
        self.outcome = outcome
        self.reason = reason
        self.actor = actor
        self.origin = origin
        self.subject = subject
        self.applicationID = applicationID
        self.requestID = requestID
        self.traceID = traceID
        self.serialNumber = serialNumber
        self.policyReferences = policyReferences
        self.data = data
        self.commitments = commitments
    }

    var unixMilliseconds: Int64 { AuditEntry.milliseconds(ofNanoseconds: unixNanoseconds) }

    /// Rounded down, also before 1970.
    static func milliseconds(ofNanoseconds nanoseconds: Int64) -> Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// An entry of more than ``AuditEntry/maximumSize`` bytes.
public struct EntryTooLarge: Error, Equatable, CustomStringConvertible {
    public var size: Int

    public init(size: Int) {
        self.size = size
    }

    public var description: String {
        "an audit entry of \(size) bytes; at most \(AuditEntry.maximumSize) fit the log"
    }
}

/// Why a JSON value is not an audit entry.
public struct AuditEntryError: Error, Equatable, CustomStringConvertible {
    /// One clause each, with a JSON pointer to the place.
    public var violations: [String]

    public init(violations: [String]) {
        self.violations = violations
    }

    public var description: String { "not an audit entry: " + violations.joined(separator: "; ") }
}
