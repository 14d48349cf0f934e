/// 3201: do the day's totals of one insurance and clearing type agree?
public struct StatementTotal: PlatformTransaction, NodeFields {
    public static let infno = "3201"
    public var insutype = ""
    public var clrType = ""
    public var setlOptins = ""
    /// `yyyy-MM-dd`, both included.
    public var stmtBegndate = ""
    public var stmtEnddate = ""
    public var medfeeSumamt = ExactDecimal.zero
    public var fundPaySumamt = ExactDecimal.zero
    public var acctPay = ExactDecimal.zero
    public var fixmedinsSetlCnt = 0

    public init() {}
    public init(
        insutype: String, clrType: String, setlOptins: String, stmtBegndate: String, stmtEnddate: String,
        medfeeSumamt: ExactDecimal, fundPaySumamt: ExactDecimal, acctPay: ExactDecimal, fixmedinsSetlCnt: Int
    ) {
        self.insutype = insutype
        self.clrType = clrType
        self.setlOptins = setlOptins
        self.stmtBegndate = stmtBegndate
        self.stmtEnddate = stmtEnddate
        self.medfeeSumamt = medfeeSumamt
        self.fundPaySumamt = fundPaySumamt
        self.acctPay = acctPay
        self.fixmedinsSetlCnt = fixmedinsSetlCnt
    }

    public static let fields: [NodeField<StatementTotal>] = [
        .text("insutype", \.insutype), .text("clr_type", \.clrType), .optional("setl_optins", \.setlOptins),
        .text("stmt_begndate", \.stmtBegndate), .text("stmt_enddate", \.stmtEnddate),
        .number("medfee_sumamt", \.medfeeSumamt), .number("fund_pay_sumamt", \.fundPaySumamt),
        .number("acct_pay", \.acctPay), .integer("fixmedins_setl_cnt", \.fixmedinsSetlCnt),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var setlOptins = ""
        /// 0 agrees; anything else differs.
        public var stmtRslt = ""
        public var stmtRsltDscr = ""

        public var agrees: Bool { stmtRslt == "0" }

        public init() {}
        public init(setlOptins: String, stmtRslt: String, stmtRsltDscr: String) {
            self.setlOptins = setlOptins
            self.stmtRslt = stmtRslt
            self.stmtRsltDscr = stmtRsltDscr
        }

        public static let fields: [NodeField<Answer>] = [
            .optional("setl_optins", \.setlOptins), .text("stmt_rslt", \.stmtRslt),
            .optional("stmt_rslt_dscr", \.stmtRsltDscr),
        ]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["stmtinfo"], path: "output.stmtinfo")
        }
        public var output: ExactJSON { ["stmtinfo": node] }
    }
}
