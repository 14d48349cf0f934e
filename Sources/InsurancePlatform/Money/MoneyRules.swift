/// What may be done with which transaction, by its number. A number may carry a suffix, such as `2207A`.
public enum MoneyRules {
    /// What 2601 can reverse (section G of the interface).
    private static let reversible: Set<Substring> = ["2102", "2103", "2207", "2208", "2304", "2305", "2401"]
    /// What makes a settlement or a refund, which 5203 shows and a statement counts.
    private static let settlements: Set<Substring> = ["2102", "2103", "2207", "2208", "2304", "2305"]
    private static let refunds: Set<Substring> = ["2103", "2208", "2305"]

    public static func isReversible(_ infno: String) -> Bool { reversible.contains(infno.prefix(4)) }

    /// Whether it stands in statements, and 5203 can be asked for it.
    public static func isSettlement(_ infno: String) -> Bool { settlements.contains(infno.prefix(4)) }

    /// Whether it takes a settlement back: its amounts count negative.
    public static func isRefund(_ infno: String) -> Bool { refunds.contains(infno.prefix(4)) }

    public static func isReversal(_ infno: String) -> Bool { infno.prefix(4) == "2601" }

    /// Whether the journal has to know of it before it is sent.
    public static func isJournalled(_ infno: String) -> Bool {
        CallClass(infno: infno) == .money || isReversal(infno)
    }
}
