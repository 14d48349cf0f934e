package import InsurancePlatform

/// What the caller of a money call is told: only what is true, and durable already.
package enum SettlementOutcome: Sendable, Hashable {
    case settled(PlatformAnswer)
    /// The platform said no.
    case refused(PlatformAnswer)
    /// Nothing reached the platform; the same call may be sent again.
    case notCarriedOut(reason: String)
    /// Sent, and no answer came: it is being resolved.
    case unknown(reason: String)
    /// It was carried out and taken back, or never took place: there is no settlement.
    case notSettled(reason: String)
    case reversed
    /// Not sent, because another money call of the same visit is open.
    case unresolved(msgid: String)

    /// Its stable name in answers and in the log.
    package var name: String {
        switch self {
        case .settled: "settled"
        case .refused: "refused"
        case .notCarriedOut: "not_carried_out"
        case .unknown: "unknown"
        case .notSettled: "not_settled"
        case .reversed: "reversed"
        case .unresolved: "unresolved"
        }
    }
}

/// An outcome, and whose it is.
package struct SettlementReply: Sendable, Hashable {
    package var outcome: SettlementOutcome
    /// The identifier under which the journal has it: the first one's, for a call that came twice.
    package var msgid: String
    /// Whether nothing was sent for it, because it was there already.
    package var isReplay: Bool

    /// Where to ask what became of it.
    package var link: String { Self.link(msgid) }

    package static func link(_ msgid: String) -> String { "/v1/settlements/\(msgid)" }
}
