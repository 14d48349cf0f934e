/// 9002: an operator signs out.
public struct SignOut: PlatformTransaction, NodeFields {
    public static let infno = "9002"
    public var signNo = ""
    public var opterNo = ""

    public init() {}
    public init(signNo: String, opterNo: String) {
        self.signNo = signNo
        self.opterNo = opterNo
    }

    public static let fields: [NodeField<SignOut>] = [
        .text("sign_no", \.signNo), .text("opter_no", \.opterNo),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["signOut"], path: "input.signOut")
    }
    public var input: ExactJSON { ["signOut": node] }

    public struct Answer: TransactionAnswer, NodeFields {
        public var signTime = ""

        public init() {}
        public init(signTime: String) { self.signTime = signTime }

        public static let fields: [NodeField<Answer>] = [.optional("sign_time", \.signTime)]
        public init(output: ExactJSON) throws(FsiError) {
            try self.init(node: output["signoutoutb"], path: "output.signoutoutb")
        }
        public var output: ExactJSON { ["signoutoutb": node] }
    }
}
