/// `data` of 2206, 2207 and 2304.
public struct SettlementRequest: NodeFields {
    public var psnNo = ""
    public var mdtrtCertType = ""
    public var mdtrtCertNo = ""
    public var medType = ""
    public var medfeeSumamt = ExactDecimal.zero
    /// 01 by item, 02 by a fixed amount.
    public var psnSetlway = "01"
    public var mdtrtID = ""
    public var chrgBchno = ""
    /// Whether the personal account pays: 0 or 1.
    public var acctUsedFlag = "0"
    public var insutype = ""
    /// 2207 and 2304 only.
    public var invono = ""
    public var fulamtOwnpayAmt = ExactDecimal.zero
    public var overlmtSelfpay = ExactDecimal.zero
    public var preselfpayAmt = ExactDecimal.zero
    public var inscpScpAmt = ExactDecimal.zero

    public init() {}
    public init(
        psnNo: String, mdtrtCertType: String, mdtrtCertNo: String, medType: String,
        medfeeSumamt: ExactDecimal,
        mdtrtID: String, chrgBchno: String, acctUsedFlag: String, insutype: String
    ) {
        self.psnNo = psnNo
        self.mdtrtCertType = mdtrtCertType
        self.mdtrtCertNo = mdtrtCertNo
        self.medType = medType
        self.medfeeSumamt = medfeeSumamt
        self.mdtrtID = mdtrtID
        self.chrgBchno = chrgBchno
        self.acctUsedFlag = acctUsedFlag
        self.insutype = insutype
    }

    public static let fields: [NodeField<SettlementRequest>] = [
        .text("psn_no", \.psnNo), .text("mdtrt_cert_type", \.mdtrtCertType),
        .optional("mdtrt_cert_no", \.mdtrtCertNo), .optional("med_type", \.medType),
        .number("medfee_sumamt", \.medfeeSumamt), .text("psn_setlway", \.psnSetlway),
        .text("mdtrt_id", \.mdtrtID), .optional("chrg_bchno", \.chrgBchno),
        .text("acct_used_flag", \.acctUsedFlag), .text("insutype", \.insutype), .optional("invono", \.invono),
        .orZero("fulamt_ownpay_amt", \.fulamtOwnpayAmt), .orZero("overlmt_selfpay", \.overlmtSelfpay),
        .orZero("preselfpay_amt", \.preselfpayAmt), .orZero("inscp_scp_amt", \.inscpScpAmt),
    ]
}
