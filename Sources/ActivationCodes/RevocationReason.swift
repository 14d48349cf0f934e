/// Why a code was revoked: the reasons of RFC 5280 §5.3.1, so that they carry over to certificates and status
/// lists.
public enum RevocationReason: String, CaseIterable, Sendable {
    case unspecified
    case keyCompromise
    case cACompromise
    case affiliationChanged
    case superseded
    case cessationOfOperation
    case certificateHold
    case removeFromCRL
    case privilegeWithdrawn
    case aACompromise

    /// The number of the reason in RFC 5280; 7 is not used there.
    public var code: Int {
        switch self {
        case .unspecified: 0
        case .keyCompromise: 1
        case .cACompromise: 2
        case .affiliationChanged: 3
        case .superseded: 4
        case .cessationOfOperation: 5
        case .certificateHold: 6
        case .removeFromCRL: 8
        case .privilegeWithdrawn: 9
        case .aACompromise: 10
        }
    }

    /// The reason in snake_case, as in every API: `key_compromise`.
    public var name: String {
        switch self {
        case .unspecified: "unspecified"
        case .keyCompromise: "key_compromise"
        case .cACompromise: "ca_compromise"
        case .affiliationChanged: "affiliation_changed"
        case .superseded: "superseded"
        case .cessationOfOperation: "cessation_of_operation"
        case .certificateHold: "certificate_hold"
        case .removeFromCRL: "remove_from_crl"
        case .privilegeWithdrawn: "privilege_withdrawn"
        case .aACompromise: "aa_compromise"
        }
    }

    /// Whether the reason ends a code for good. The two others are, here, suspension and resumption.
    public var isFinal: Bool { self != .certificateHold && self != .removeFromCRL }

    /// - Parameter named: snake_case (`key_compromise`) or the RFC's spelling (`keyCompromise`).
    /// - Returns: `nil` for unknown names and for the two reasons that revoke nothing.
    public init?(named: String) {
        let reason = Self.allCases.first { $0.name == named || $0.rawValue == named }
        guard let reason, reason.isFinal else { return nil }
        self = reason
    }
}
