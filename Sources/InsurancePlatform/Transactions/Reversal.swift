/// 2601: undoes a transaction by its `msgid`. Effective only when a later statement agrees.
public struct Reversal: PlatformTransaction, NodeFields {
    public static let infno = "2601"
    /// The transactions that can be reversed.
    public static let reversible: Set<String> = ["2102", "2103", "2207", "2208", "2304", "2305", "2401"]
    public var psnNo = ""
    /// The `msgid` of the transaction to undo, and its number.
    public var omsgid = ""
    public var oinfno = ""

    public init() {}
    public init(psnNo: String, omsgid: String, oinfno: String) {
        self.psnNo = psnNo
        self.omsgid = omsgid
        self.oinfno = oinfno
    }

    public static let fields: [NodeField<Reversal>] = [
        .text("psn_no", \.psnNo), .text("omsgid", \.omsgid), .text("oinfno", \.oinfno),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }
    public typealias Answer = EmptyAnswer
}
