/// What the journal needs to know of a money call's input.
public struct SettlementInput: Sendable, Hashable {
    /// Personal: to be kept sealed.
    public let psnNo: String?
    public let mdtrtID: String?
    /// Of a refund: the settlement that it takes back.
    public let setlID: String?
    public let insutype: String?

    /// The fields stand in `data`, or in the node that holds `psn_no`.
    public init(_ input: ExactJSON) {
        let node = input["data"] ?? input.members?.values.first { $0["psn_no"] != nil }
        func text(_ name: String) -> String? {
            // Longer ones are no identifiers of the platform's, and stay out of the journal.
            node?[name]?.string.flatMap { $0.isEmpty || $0.utf8.count > 64 ? nil : $0 }
        }
        psnNo = text("psn_no")
        mdtrtID = text("mdtrt_id")
        setlID = text("setl_id")
        insutype = text("insutype")
    }
}
