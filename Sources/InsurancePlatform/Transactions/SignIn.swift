/// 9001: an operator signs in; the answer's ``Answer/signNo`` goes into later envelopes.
public struct SignIn: PlatformTransaction, NodeFields {
    public static let infno = "9001"
    public var opterNo = ""
    public var mac = ""
    public var ip = ""

    public init() {}
    public init(opterNo: String, mac: String, ip: String) {
        self.opterNo = opterNo
        self.mac = mac
        self.ip = ip
    }

    public static let fields: [NodeField<SignIn>] = [
        .text("opter_no", \.opterNo), .optional("mac", \.mac), .optional("ip", \.ip),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["signIn"], path: "input.signIn")
    }
    public var input: ExactJSON { ["signIn": node] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var signTime = ""
        public var signNo = ""

        public init() {}
        public init(signTime: String, signNo: String) {
            self.signTime = signTime
            self.signNo = signNo
        }

        public static let fields: [NodeField<Answer>] = [
            .optional("sign_time", \.signTime), .text("sign_no", \.signNo),
        ]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["signinoutb"], path: "output.signinoutb")
        }
        public var output: ExactJSON { ["signinoutb": node] }
    }
}
