/// `setlinfo` and `setldetail`, as 2206, 2207, 2208 and 2304 answer.
public struct SettlementAnswer: TransactionAnswer {
    public var info: SettlementInfo
    public var shares: [SettlementShare]

    public init(info: SettlementInfo, shares: [SettlementShare] = []) {
        self.info = info
        self.shares = shares
    }

    public init(output: ExactJSON) throws(FsiError) {
        info = try SettlementInfo(node: output["setlinfo"], path: "output.setlinfo")
        shares = try SettlementShare.nodes(output["setldetail"], path: "output.setldetail")
    }

    /// A settlement that is booked, and so has a `setl_id`.
    init(booked output: ExactJSON) throws(FsiError) {
        try self.init(output: output)
        if info.setlID.isEmpty {
            throw FsiError(.missingField, field: "output.setlinfo.setl_id", "a booked settlement has one")
        }
    }

    public var output: ExactJSON { ["setlinfo": info.node, "setldetail": shares.nodes] }
}
