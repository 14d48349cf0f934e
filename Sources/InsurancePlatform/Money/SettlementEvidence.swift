/// What 5203 tells of a call whose outcome is unknown.
public enum SettlementEvidence: Sendable, Hashable {
    /// The call was carried out.
    case found(SettlementInfo)
    /// The platform answered, and this call's settlement is not among what it has.
    case absent
    /// It has settlements that don't say whose call they are.
    case unclear

    public init(_ answer: SettlementQuery.Answer, msgid: String) {
        if let info = answer.settlement(msgid: msgid) {
            self = .found(info)
        } else if answer.settlements.contains(where: \.medinsSetlID.isEmpty) {
            self = .unclear
        } else {
            self = .absent
        }
    }
}
