/// 1101: who a person is and how insured. `mdtrt_cert_type` is 01 an e-token, 02 an identity card, 03 a card.
public struct PersonQuery: PlatformTransaction, NodeFields {
    public static let infno = "1101"
    public var mdtrtCertType = ""
    public var mdtrtCertNo = ""
    public var cardSn = ""
    public var begntime = ""
    public var psnCertType = ""
    public var certno = ""
    public var psnName = ""

    public init() {}
    public init(mdtrtCertType: String, mdtrtCertNo: String) {
        self.mdtrtCertType = mdtrtCertType
        self.mdtrtCertNo = mdtrtCertNo
    }

    public static let fields: [NodeField<PersonQuery>] = [
        .text("mdtrt_cert_type", \.mdtrtCertType), .text("mdtrt_cert_no", \.mdtrtCertNo),
        .optional("card_sn", \.cardSn), .optional("begntime", \.begntime),
        .optional("psn_cert_type", \.psnCertType), .optional("certno", \.certno),
        .optional("psn_name", \.psnName),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }
    public typealias Answer = InsuredPerson
}
