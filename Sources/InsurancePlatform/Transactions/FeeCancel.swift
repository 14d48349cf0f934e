/// 2205: fees that aren't settled are taken back: one batch, or all of the visit's with ``allBatches``.
public struct FeeCancel: PlatformTransaction, NodeFields {
    public static let infno = "2205"
    public static let allBatches = "0000"
    public var chrgBchno = ""
    public var mdtrtID = ""
    public var psnNo = ""

    public init() {}
    public init(chrgBchno: String = allBatches, mdtrtID: String, psnNo: String) {
        self.chrgBchno = chrgBchno
        self.mdtrtID = mdtrtID
        self.psnNo = psnNo
    }

    public static let fields: [NodeField<FeeCancel>] = [
        .text("chrg_bchno", \.chrgBchno), .text("mdtrt_id", \.mdtrtID), .text("psn_no", \.psnNo),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }
    public typealias Answer = EmptyAnswer
}
