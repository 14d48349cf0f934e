/// A row of the file that 3202 answers with: a settlement on which the two sides differ.
public struct StatementDifference: Sendable, Hashable {
    public var psnNo: String
    public var mdtrtID: String
    public var setlID: String
    /// The settlement's `msgid`.
    public var msgid: String
    /// `stmt_rslt`: what differs; see ``Result-swift.enum``.
    public var stmtRslt: String
    public var isRefund: Bool
    public var memo: String

    /// The meanings of `stmt_rslt` that the sandbox uses; sites have lists of their own.
    public enum Result: String, Sendable, Hashable, CaseIterable {
        case agrees = "0"
        /// The platform has it, the institution hasn't.
        case onlyPlatform = "1"
        /// The institution has it, the platform hasn't.
        case onlyInstitution = "2"
        /// Both have it, with other amounts.
        case amountsDiffer = "3"
    }

    public var result: Result? { Result(rawValue: stmtRslt) }

    public init(
        psnNo: String, mdtrtID: String, setlID: String, msgid: String, stmtRslt: String,
        isRefund: Bool = false,
        memo: String = ""
    ) {
        self.psnNo = psnNo
        self.mdtrtID = mdtrtID
        self.setlID = setlID
        self.msgid = msgid
        self.stmtRslt = stmtRslt
        self.isRefund = isRefund
        self.memo = memo
    }
}

extension StatementDifference: StatementLine {
    static let columnCount = 7

    var columns: [String] { [psnNo, mdtrtID, setlID, msgid, stmtRslt, isRefund ? "1" : "0", memo] }

    init(_ columns: StatementColumns) throws(FsiError) {
        self.init(
            psnNo: columns[0], mdtrtID: columns[1], setlID: columns[2], msgid: columns[3],
            stmtRslt: columns[4], isRefund: columns[5] == "1", memo: columns[6])
    }
}
