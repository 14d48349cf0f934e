/// A row of `diseinfo`: a diagnosis of 2203 or 2401.
public struct Diagnosis: NodeFields {
    public var diagType = ""
    public var diagSrtNo = 1
    public var diagCode = ""
    public var diagName = ""
    public var diagDept = ""
    public var diseDorNo = ""
    public var diseDorName = ""
    public var diagTime = ""
    public var valiFlag = "1"

    public init() {}
    public init(diagType: String, diagSrtNo: Int, diagCode: String, diagName: String, diagTime: String) {
        self.diagType = diagType
        self.diagSrtNo = diagSrtNo
        self.diagCode = diagCode
        self.diagName = diagName
        self.diagTime = diagTime
    }

    public static let fields: [NodeField<Diagnosis>] = [
        .optional("diag_type", \.diagType), .integer("diag_srt_no", \.diagSrtNo),
        .text("diag_code", \.diagCode), .optional("diag_name", \.diagName),
        .optional("diag_dept", \.diagDept),
        .optional("dise_dor_no", \.diseDorNo), .optional("dise_dor_name", \.diseDorName),
        .optional("diag_time", \.diagTime), .optional("vali_flag", \.valiFlag),
    ]
}
