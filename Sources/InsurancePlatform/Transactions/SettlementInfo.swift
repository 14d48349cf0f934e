/// `setlinfo`: what a settlement came to. Those of a cancelled settlement are negative.
public struct SettlementInfo: NodeFields {
    public var mdtrtID = ""
    /// Empty in a pre-settlement.
    public var setlID = ""
    public var setlTime = ""
    /// The settlement's own `msgid`.
    public var medinsSetlID = ""
    public var clrOptins = ""
    public var clrWay = ""
    public var clrType = ""
    public var medfeeSumamt = ExactDecimal.zero
    public var fulamtOwnpayAmt = ExactDecimal.zero
    public var overlmtSelfpay = ExactDecimal.zero
    public var preselfpayAmt = ExactDecimal.zero
    public var inscpScpAmt = ExactDecimal.zero
    public var actPayDedc = ExactDecimal.zero
    public var hifpPay = ExactDecimal.zero
    public var poolPropSelfpay = ExactDecimal.zero
    public var cvlservPay = ExactDecimal.zero
    public var hifesPay = ExactDecimal.zero
    public var hifmiPay = ExactDecimal.zero
    public var hifobPay = ExactDecimal.zero
    public var mafPay = ExactDecimal.zero
    public var othPay = ExactDecimal.zero
    public var fundPaySumamt = ExactDecimal.zero
    public var psnPartAmt = ExactDecimal.zero
    public var acctPay = ExactDecimal.zero
    public var psnCashPay = ExactDecimal.zero
    public var hospPartAmt = ExactDecimal.zero
    public var balc = ExactDecimal.zero
    public var acctMulaidPay = ExactDecimal.zero

    public init() {}
    public init(
        mdtrtID: String, setlID: String, setlTime: String, medinsSetlID: String, medfeeSumamt: ExactDecimal,
        fundPaySumamt: ExactDecimal, acctPay: ExactDecimal, psnCashPay: ExactDecimal
    ) {
        self.mdtrtID = mdtrtID
        self.setlID = setlID
        self.setlTime = setlTime
        self.medinsSetlID = medinsSetlID
        self.medfeeSumamt = medfeeSumamt
        self.fundPaySumamt = fundPaySumamt
        self.acctPay = acctPay
        self.psnCashPay = psnCashPay
    }

    public static let fields: [NodeField<SettlementInfo>] = [
        .text("mdtrt_id", \.mdtrtID), .optional("setl_id", \.setlID), .optional("setl_time", \.setlTime),
        .optional("medins_setl_id", \.medinsSetlID), .optional("clr_optins", \.clrOptins),
        .optional("clr_way", \.clrWay), .optional("clr_type", \.clrType),
        .number("medfee_sumamt", \.medfeeSumamt), .orZero("fulamt_ownpay_amt", \.fulamtOwnpayAmt),
        .orZero("overlmt_selfpay", \.overlmtSelfpay), .orZero("preselfpay_amt", \.preselfpayAmt),
        .orZero("inscp_scp_amt", \.inscpScpAmt), .orZero("act_pay_dedc", \.actPayDedc),
        .orZero("hifp_pay", \.hifpPay), .orZero("pool_prop_selfpay", \.poolPropSelfpay, .ratio),
        .orZero("cvlserv_pay", \.cvlservPay), .orZero("hifes_pay", \.hifesPay),
        .orZero("hifmi_pay", \.hifmiPay), .orZero("hifob_pay", \.hifobPay), .orZero("maf_pay", \.mafPay),
        .orZero("oth_pay", \.othPay), .number("fund_pay_sumamt", \.fundPaySumamt),
        .orZero("psn_part_amt", \.psnPartAmt), .number("acct_pay", \.acctPay),
        .orZero("psn_cash_pay", \.psnCashPay), .orZero("hosp_part_amt", \.hospPartAmt),
        .orZero("balc", \.balc), .orZero("acct_mulaid_pay", \.acctMulaidPay),
    ]

    /// The amounts that a cancellation books the other way round.
    private static let booked: [any WritableKeyPath<SettlementInfo, ExactDecimal> & Sendable] = [
        \.medfeeSumamt, \.fulamtOwnpayAmt, \.overlmtSelfpay, \.preselfpayAmt, \.inscpScpAmt, \.actPayDedc,
        \.hifpPay, \.cvlservPay, \.hifesPay, \.hifmiPay, \.hifobPay, \.mafPay, \.othPay, \.fundPaySumamt,
        \.psnPartAmt, \.acctPay, \.psnCashPay, \.hospPartAmt, \.acctMulaidPay,
    ]

    /// The same settlement with every amount booked the other way round; ratio and balance stay.
    public var negated: SettlementInfo {
        var info = self
        for path in Self.booked { info[keyPath: path] = -info[keyPath: path] }
        return info
    }
}
