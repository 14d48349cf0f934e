/// 2208: a settlement is taken back; the answer's amounts are negative.
public struct SettlementCancel: PlatformTransaction, NodeFields {
    public static let infno = "2208"
    public var setlID = ""
    public var mdtrtID = ""
    public var psnNo = ""

    public init() {}
    public init(setlID: String, mdtrtID: String, psnNo: String) {
        self.setlID = setlID
        self.mdtrtID = mdtrtID
        self.psnNo = psnNo
    }

    public static let fields: [NodeField<SettlementCancel>] = [
        .text("setl_id", \.setlID), .text("mdtrt_id", \.mdtrtID), .text("psn_no", \.psnNo),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public static func answer(from output: ExactJSON) throws(FsiError) -> SettlementAnswer {
        try SettlementAnswer(booked: output)
    }
}
