/// 2201: an outpatient's visit is opened; the answer's `mdtrt_id` names it from then on.
public struct Registration: PlatformTransaction, NodeFields {
    public static let infno = "2201"
    public var psnNo = ""
    public var insutype = ""
    public var begntime = ""
    public var mdtrtCertType = ""
    public var mdtrtCertNo = ""
    public var iptOtpNo = ""
    public var atddrNo = ""
    public var drName = ""
    public var deptCode = ""
    public var deptName = ""
    public var caty = ""

    public init() {}
    public init(
        psnNo: String, insutype: String, begntime: String, mdtrtCertType: String, mdtrtCertNo: String,
        iptOtpNo: String
    ) {
        self.psnNo = psnNo
        self.insutype = insutype
        self.begntime = begntime
        self.mdtrtCertType = mdtrtCertType
        self.mdtrtCertNo = mdtrtCertNo
        self.iptOtpNo = iptOtpNo
    }

    public static let fields: [NodeField<Registration>] = [
        .text("psn_no", \.psnNo), .text("insutype", \.insutype), .text("begntime", \.begntime),
        .text("mdtrt_cert_type", \.mdtrtCertType), .optional("mdtrt_cert_no", \.mdtrtCertNo),
        .text("ipt_otp_no", \.iptOtpNo), .optional("atddr_no", \.atddrNo), .optional("dr_name", \.drName),
        .optional("dept_code", \.deptCode), .optional("dept_name", \.deptName), .optional("caty", \.caty),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var mdtrtID = ""
        public var psnNo = ""
        public var iptOtpNo = ""

        public init() {}
        public init(mdtrtID: String, psnNo: String, iptOtpNo: String) {
            self.mdtrtID = mdtrtID
            self.psnNo = psnNo
            self.iptOtpNo = iptOtpNo
        }

        public static let fields: [NodeField<Answer>] = [
            .text("mdtrt_id", \.mdtrtID), .optional("psn_no", \.psnNo), .optional("ipt_otp_no", \.iptOtpNo),
        ]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["data"], path: "output.data")
        }
        public var output: ExactJSON { ["data": node] }
    }
}
