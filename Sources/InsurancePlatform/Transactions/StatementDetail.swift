/// 3202: compares the rows of a file that went up by 9101; the answer names a file with what differs.
public struct StatementDetail: PlatformTransaction, NodeFields {
    public static let infno = "3202"
    public var setlOptins = ""
    public var fileQuryNo = ""
    public var stmtBegndate = ""
    public var stmtEnddate = ""
    public var medfeeSumamt = ExactDecimal.zero
    public var fundPaySumamt = ExactDecimal.zero
    public var cashPayamt = ExactDecimal.zero
    public var fixmedinsSetlCnt = 0

    public init() {}
    public init(
        setlOptins: String, fileQuryNo: String, stmtBegndate: String, stmtEnddate: String,
        medfeeSumamt: ExactDecimal, fundPaySumamt: ExactDecimal, cashPayamt: ExactDecimal,
        fixmedinsSetlCnt: Int
    ) {
        self.setlOptins = setlOptins
        self.fileQuryNo = fileQuryNo
        self.stmtBegndate = stmtBegndate
        self.stmtEnddate = stmtEnddate
        self.medfeeSumamt = medfeeSumamt
        self.fundPaySumamt = fundPaySumamt
        self.cashPayamt = cashPayamt
        self.fixmedinsSetlCnt = fixmedinsSetlCnt
    }

    public static let fields: [NodeField<StatementDetail>] = [
        .optional("setl_optins", \.setlOptins), .text("file_qury_no", \.fileQuryNo),
        .text("stmt_begndate", \.stmtBegndate), .text("stmt_enddate", \.stmtEnddate),
        .number("medfee_sumamt", \.medfeeSumamt), .number("fund_pay_sumamt", \.fundPaySumamt),
        .orZero("cash_payamt", \.cashPayamt), .integer("fixmedins_setl_cnt", \.fixmedinsSetlCnt),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var fileQuryNo = ""
        public var filename = ""
        public var dldEndtime = ""

        public init() {}
        public init(fileQuryNo: String, filename: String, dldEndtime: String) {
            self.fileQuryNo = fileQuryNo
            self.filename = filename
            self.dldEndtime = dldEndtime
        }

        public static let fields: [NodeField<Answer>] = [
            .text("file_qury_no", \.fileQuryNo), .optional("filename", \.filename),
            .optional("dld_endtime", \.dldEndtime),
        ]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["fileinfo"], path: "output.fileinfo")
        }
        public var output: ExactJSON { ["fileinfo": node] }
    }
}
