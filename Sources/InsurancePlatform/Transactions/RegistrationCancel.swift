/// 2202: a visit that has no settlement is taken back.
public struct RegistrationCancel: PlatformTransaction, NodeFields {
    public static let infno = "2202"
    public var psnNo = ""
    public var mdtrtID = ""
    public var iptOtpNo = ""

    public init() {}
    public init(psnNo: String, mdtrtID: String, iptOtpNo: String) {
        self.psnNo = psnNo
        self.mdtrtID = mdtrtID
        self.iptOtpNo = iptOtpNo
    }

    public static let fields: [NodeField<RegistrationCancel>] = [
        .text("psn_no", \.psnNo), .text("mdtrt_id", \.mdtrtID), .text("ipt_otp_no", \.iptOtpNo),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }
    public typealias Answer = EmptyAnswer
}
