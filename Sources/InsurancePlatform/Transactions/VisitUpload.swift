/// 2203: what a visit is about, with its diagnoses.
public struct VisitUpload: PlatformTransaction {
    public static let infno = "2203"
    public var visit: Visit
    public var diagnoses: [Diagnosis]

    public init(visit: Visit, diagnoses: [Diagnosis] = []) {
        self.visit = visit
        self.diagnoses = diagnoses
    }

    public init(input: ExactJSON) throws(FsiError) {
        visit = try Visit(node: input["mdtrtinfo"], path: "input.mdtrtinfo")
        diagnoses = try Diagnosis.nodes(input["diseinfo"], path: "input.diseinfo")
    }
    public var input: ExactJSON { ["mdtrtinfo": visit.node, "diseinfo": diagnoses.nodes] }
    public typealias Answer = EmptyAnswer

    /// `mdtrtinfo`
    public struct Visit: NodeFields {
        public var mdtrtID = ""
        public var psnNo = ""
        public var medType = ""
        public var begntime = ""
        public var mainCondDscr = ""
        public var diseCodg = ""
        public var diseName = ""

        public init() {}
        public init(mdtrtID: String, psnNo: String, medType: String, begntime: String) {
            self.mdtrtID = mdtrtID
            self.psnNo = psnNo
            self.medType = medType
            self.begntime = begntime
        }

        public static let fields: [NodeField<Visit>] = [
            .text("mdtrt_id", \.mdtrtID), .text("psn_no", \.psnNo), .text("med_type", \.medType),
            .text("begntime", \.begntime), .optional("main_cond_dscr", \.mainCondDscr),
            .optional("dise_codg", \.diseCodg), .optional("dise_name", \.diseName),
        ]
    }
}
