/// 5203: which settlements does a visit have? By it an unknown outcome is found out: a settlement whose
/// `medins_setl_id` is the call's `msgid` was booked.
public struct SettlementQuery: PlatformTransaction, NodeFields {
    public static let infno = "5203"
    public var psnNo = ""
    /// Empty for all settlements of the visit.
    public var setlID = ""
    public var mdtrtID = ""

    public init() {}
    public init(psnNo: String, setlID: String = "", mdtrtID: String) {
        self.psnNo = psnNo
        self.setlID = setlID
        self.mdtrtID = mdtrtID
    }

    public static let fields: [NodeField<SettlementQuery>] = [
        .text("psn_no", \.psnNo), .optional("setl_id", \.setlID), .text("mdtrt_id", \.mdtrtID),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public struct Answer: TransactionAnswer {
        /// None where the platform knows of none. `setlinfo` may be one object or an array.
        public var settlements: [SettlementInfo]
        public var shares: [SettlementShare]

        public init(settlements: [SettlementInfo], shares: [SettlementShare] = []) {
            self.settlements = settlements
            self.shares = shares
        }

        public init(output: ExactJSON) throws(FsiError) {
            settlements = try SettlementInfo.nodes(output["setlinfo"], path: "output.setlinfo")
            shares = try SettlementShare.nodes(output["setldetail"], path: "output.setldetail")
        }

        public var output: ExactJSON { ["setlinfo": settlements.nodes, "setldetail": shares.nodes] }

        /// The settlement that a call with this `msgid` booked.
        public func settlement(msgid: String) -> SettlementInfo? {
            settlements.first { $0.medinsSetlID == msgid }
        }
    }
}
