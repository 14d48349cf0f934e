/// One business transaction on its way to the platform, whatever carries it.
public struct PlatformCall: Sendable, Hashable {
    /// The transaction's number, such as `2207` or `2203A`.
    public var infno: String
    /// The message's identifier, 30 characters: kept before it is sent, for 2601 names it.
    public var msgid: String
    /// Who sends it: an operator of the institution.
    public var sender: Sender
    /// The place where the person is insured; required once the input holds a `psn_no`.
    public var insuplcAdmdvs: String?
    /// From 9001, where the site wants it.
    public var signNo: String?
    /// The transaction's node or nodes, such as `{"data":{…}}`.
    public var input: ExactJSON

    public struct Sender: Sendable, Hashable {
        /// 1 operator, 2 kiosk, 3 mobile.
        public var kind: String
        public var id: String
        public var name: String

        public init(kind: String = "1", id: String, name: String) {
            self.kind = kind
            self.id = id
            self.name = name
        }
    }

    public init(
        infno: String, msgid: String, sender: Sender, insuplcAdmdvs: String? = nil, signNo: String? = nil,
        input: ExactJSON
    ) {
        self.infno = infno
        self.msgid = msgid
        self.sender = sender
        self.insuplcAdmdvs = insuplcAdmdvs
        self.signNo = signNo
        self.input = input
    }
}
