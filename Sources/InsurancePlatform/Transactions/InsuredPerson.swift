/// The answer of 1101.
public struct InsuredPerson: TransactionAnswer {
    public var base: Base
    public var insurances: [Insurance]
    public var identities: [Identity]

    public init(base: Base, insurances: [Insurance], identities: [Identity] = []) {
        self.base = base
        self.insurances = insurances
        self.identities = identities
    }

    public init(output: ExactJSON) throws(FsiError) {
        base = try Base(node: output["baseinfo"], path: "output.baseinfo")
        insurances = try Insurance.nodes(output["insuinfo"], path: "output.insuinfo")
        identities = try Identity.nodes(output["idetinfo"], path: "output.idetinfo")
    }

    public var output: ExactJSON {
        ["baseinfo": base.node, "insuinfo": insurances.nodes, "idetinfo": identities.nodes]
    }

    /// `baseinfo`
    public struct Base: NodeFields {
        public var psnNo = ""
        public var psnCertType = ""
        public var certno = ""
        public var psnName = ""
        public var gend = ""
        public var naty = ""
        public var brdy = ""
        public var age = ExactDecimal.zero

        public init() {}
        public init(psnNo: String, certno: String, psnName: String) {
            self.psnNo = psnNo
            self.certno = certno
            self.psnName = psnName
        }

        public static let fields: [NodeField<Base>] = [
            .text("psn_no", \.psnNo), .optional("psn_cert_type", \.psnCertType),
            .optional("certno", \.certno),
            .optional("psn_name", \.psnName), .optional("gend", \.gend), .optional("naty", \.naty),
            .optional("brdy", \.brdy), .orZero("age", \.age, .age),
        ]
    }

    /// A row of `insuinfo`.
    public struct Insurance: NodeFields {
        public var balc = ExactDecimal.zero
        public var insutype = ""
        public var psnType = ""
        public var psnInsuStas = ""
        public var psnInsuDate = ""
        public var pausInsuDate = ""
        public var cvlservFlag = ""
        public var insuplcAdmdvs = ""
        public var empName = ""

        public init() {}
        public init(insutype: String, insuplcAdmdvs: String, balc: ExactDecimal) {
            self.insutype = insutype
            self.insuplcAdmdvs = insuplcAdmdvs
            self.balc = balc
        }

        public static let fields: [NodeField<Insurance>] = [
            .orZero("balc", \.balc), .text("insutype", \.insutype), .optional("psn_type", \.psnType),
            .optional("psn_insu_stas", \.psnInsuStas), .optional("psn_insu_date", \.psnInsuDate),
            .optional("paus_insu_date", \.pausInsuDate), .optional("cvlserv_flag", \.cvlservFlag),
            .optional("insuplc_admdvs", \.insuplcAdmdvs), .optional("emp_name", \.empName),
        ]
    }

    /// A row of `idetinfo`.
    public struct Identity: NodeFields {
        public var psnIdetType = ""
        public var psnTypeLv = ""
        public var memo = ""
        public var begntime = ""
        public var endtime = ""

        public init() {}

        public static let fields: [NodeField<Identity>] = [
            .optional("psn_idet_type", \.psnIdetType), .optional("psn_type_lv", \.psnTypeLv),
            .optional("memo", \.memo), .optional("begntime", \.begntime), .optional("endtime", \.endtime),
        ]
    }
}
