/// A row of `setldetail`: what one fund pays.
public struct SettlementShare: NodeFields {
    public var fundPayType = ""
    public var inscpScpAmt = ExactDecimal.zero
    public var crtPaybLmtAmt = ExactDecimal.zero
    public var fundPayamt = ExactDecimal.zero
    public var fundPayTypeName = ""
    public var setlProcInfo = ""

    public init() {}
    public init(fundPayType: String, fundPayTypeName: String, fundPayamt: ExactDecimal) {
        self.fundPayType = fundPayType
        self.fundPayTypeName = fundPayTypeName
        self.fundPayamt = fundPayamt
    }

    public static let fields: [NodeField<SettlementShare>] = [
        .text("fund_pay_type", \.fundPayType), .orZero("inscp_scp_amt", \.inscpScpAmt),
        .orZero("crt_payb_lmt_amt", \.crtPaybLmtAmt), .orZero("fund_payamt", \.fundPayamt),
        .optional("fund_pay_type_name", \.fundPayTypeName), .optional("setl_proc_info", \.setlProcInfo),
    ]
}
