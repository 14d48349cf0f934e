/// 2401: an inpatient's stay is opened.
public struct InpatientRegistration: PlatformTransaction {
    public static let infno = "2401"
    public var stay: Stay
    public var diagnoses: [Diagnosis]

    public init(stay: Stay, diagnoses: [Diagnosis] = []) {
        self.stay = stay
        self.diagnoses = diagnoses
    }

    public init(input: ExactJSON) throws(FsiError) {
        stay = try Stay(node: input["mdtrtinfo"], path: "input.mdtrtinfo")
        diagnoses = try Diagnosis.nodes(input["diseinfo"], path: "input.diseinfo")
    }
    public var input: ExactJSON { ["mdtrtinfo": stay.node, "diseinfo": diagnoses.nodes] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var mdtrtID = ""

        public init() {}
        public init(mdtrtID: String) { self.mdtrtID = mdtrtID }

        public static let fields: [NodeField<Answer>] = [.text("mdtrt_id", \.mdtrtID)]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["result"], path: "output.result")
        }
        public var output: ExactJSON { ["result": node] }
    }

    /// `mdtrtinfo`
    public struct Stay: NodeFields {
        public var psnNo = ""
        public var insutype = ""
        public var begntime = ""
        public var mdtrtCertType = ""
        public var mdtrtCertNo = ""
        public var iptNo = ""
        public var medType = ""
        public var atddrNo = ""
        public var chfpdrName = ""
        public var admDeptCodg = ""
        public var admDeptName = ""
        public var admBed = ""

        public init() {}
        public init(
            psnNo: String, insutype: String, begntime: String, mdtrtCertType: String, mdtrtCertNo: String,
            iptNo: String, medType: String
        ) {
            self.psnNo = psnNo
            self.insutype = insutype
            self.begntime = begntime
            self.mdtrtCertType = mdtrtCertType
            self.mdtrtCertNo = mdtrtCertNo
            self.iptNo = iptNo
            self.medType = medType
        }

        public static let fields: [NodeField<Stay>] = [
            .text("psn_no", \.psnNo), .text("insutype", \.insutype), .text("begntime", \.begntime),
            .text("mdtrt_cert_type", \.mdtrtCertType), .optional("mdtrt_cert_no", \.mdtrtCertNo),
            .text("ipt_no", \.iptNo), .optional("med_type", \.medType), .optional("atddr_no", \.atddrNo),
            .optional("chfpdr_name", \.chfpdrName), .optional("adm_dept_codg", \.admDeptCodg),
            .optional("adm_dept_name", \.admDeptName), .optional("adm_bed", \.admBed),
        ]
    }
}
