/// All that differs from one site of the platform to the next, apart from secrets.
public struct FsiSite: Sendable, Hashable {
    /// Scheme, host, port and path before the transactions' own, without a slash at the end; https.
    public var baseURL: String
    /// What stands before every path of ``paths``.
    public var pathPrefix = "/fsi/api/"
    /// The path of each transaction by its number.
    public var paths = FsiSite.standardPaths
    /// Whether the site has one address, to which the number is appended, instead of ``paths``.
    public var appendsInfno = false
    /// The transactions that go without an envelope, by their numbers.
    public var bareRoutes: [String: BareRoute] = [:]
    /// Where the SOAP service stands, behind ``baseURL``.
    public var soapPath = "/soap"
    /// Where binary frames are taken; nil where the site takes none.
    public var frames: FrameAddress?

    public struct FrameAddress: Sendable, Hashable {
        public var host: String
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    /// 12 letters and digits.
    public var fixmedinsCode: String
    public var fixmedinsName: String
    /// The place of treatment, six digits.
    public var mdtrtareaAdmvs: String
    public var recerSysCode: String
    public var infver = "V1.0"
    public var signtype = "SM2, SM3"
    public var devNo = ""
    public var devSafeInfo = ""
    /// Whether numbers travel as JSON strings.
    public var numbersAsStrings = false
    /// The longest `input`, in characters of its JSON; files (9101) are exempt.
    public var inputLimit = 40_000

    public init(
        baseURL: String, fixmedinsCode: String, fixmedinsName: String, mdtrtareaAdmvs: String,
        recerSysCode: String, frames: FrameAddress? = nil
    ) {
        self.baseURL = baseURL
        self.fixmedinsCode = fixmedinsCode
        self.fixmedinsName = fixmedinsName
        self.mdtrtareaAdmvs = mdtrtareaAdmvs
        self.recerSysCode = recerSysCode
        self.frames = frames
    }

    /// The address of a transaction. One with a letter behind its number (`2203A`) goes where the number does,
    /// unless the table names it; what the table doesn't name at all is appended to the prefix.
    public func url(infno: String) -> String {
        if appendsInfno { return "\(baseURL)/\(infno)" }
        return baseURL + pathPrefix + (paths[infno] ?? paths[String(infno.prefix(4))] ?? infno)
    }

    /// The paths that most sites use, their misspellings included.
    public static let standardPaths: [String: String] = [
        "1101": "fsiPsnInfoService/queryPsnInfo",
        "1312": "catalogqueryservice/queryHilist",
        "2201": "outpatientDocInfoService/outpatientRregistration",
        "2202": "outpatientDocInfoService/outpatientRegistrationCancel",
        "2203": "outpatientDocInfoService/outpatientMdtrtinfoUp",
        "2204": "outpatientDocInfoService/outpatientFeeListUp",
        "2205": "outpatientDocInfoService/outpatientFeeListUpCancel",
        "2206": "outpatientSettleService/preSettletment",
        "2207": "outpatientSettleService/saveSettletmentV2",
        "2208": "outpatientSettleService/cancleSettletment",
        "2304": "hospSettService/settV2",
        "2401": "hospitalRegisterService/hospitalRegisterSave",
        "2601": "reverseService/revsMethod",
        "3201": "ybSettlementStmtService/stmtTotal",
        "3202": "ybSettlementStmtService/stmtDetail",
        "5203": "fsiIntegratedQueryService/querySetlInfo",
        "9001": "signInSignOutService/signIn",
        "9002": "signInSignOutService/signOut",
        "9101": "fileupload/upload",
        "9102": "fileupload/download",
    ]
}
