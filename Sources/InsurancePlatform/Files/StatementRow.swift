/// A settlement in the file that goes up for 3202. A cancelled settlement is two rows, the second negative and
/// with ``isRefund``.
public struct StatementRow: Sendable, Hashable {
    public var setlID: String
    public var mdtrtID: String
    public var psnNo: String
    public var medfeeSumamt: ExactDecimal
    public var fundPaySumamt: ExactDecimal
    public var acctPay: ExactDecimal
    /// `refd_setl_flag`
    public var isRefund: Bool

    public init(
        setlID: String, mdtrtID: String, psnNo: String, medfeeSumamt: ExactDecimal,
        fundPaySumamt: ExactDecimal,
        acctPay: ExactDecimal, isRefund: Bool = false
    ) {
        self.setlID = setlID
        self.mdtrtID = mdtrtID
        self.psnNo = psnNo
        self.medfeeSumamt = medfeeSumamt
        self.fundPaySumamt = fundPaySumamt
        self.acctPay = acctPay
        self.isRefund = isRefund
    }
}

extension StatementRow: StatementLine {
    static let columnCount = 7

    var columns: [String] {
        [
            setlID, mdtrtID, psnNo, medfeeSumamt.text(scale: 2), fundPaySumamt.text(scale: 2),
            acctPay.text(scale: 2), isRefund ? "1" : "0",
        ]
    }

    init(_ columns: StatementColumns) throws(FsiError) {
        setlID = columns[0]
        mdtrtID = columns[1]
        psnNo = columns[2]
        medfeeSumamt = try columns.amount(3, "medfee_sumamt")
        fundPaySumamt = try columns.amount(4, "fund_pay_sumamt")
        acctPay = try columns.amount(5, "acct_pay")
        isRefund = columns[6] == "1"
    }
}
