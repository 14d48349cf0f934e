import RequestSigning

/// What the entries of a signed call say of the business behind it.
struct BusinessMarks: Sendable {
    /// fsi's `msgid`; else the nonce; else the request's id.
    let serialNumber: String
    /// Who acts at the institution, fsi's `opter`: personal, so a commitment.
    let opter: String?

    /// - Parameter content: nil for a call that is refused, whose body may be anything.
    init(
        of message: HTTPMessage, _ presented: PresentedSignature?, _ content: SignedContent?,
        requestID: String
    ) {
        var msgid: String?
        var opter: String?
        // The parameters of fsi-sm are the input; its envelope was parsed to read the signature.
        if let document = presented?.profile == .fsiSM ? presented?.document : content?.parameters {
            msgid = document["msgid"]?.string
            if !message.body.isEmpty { opter = document["opter"]?.string }
        } else if !message.body.isEmpty {
            let texts = OuterMembers.texts(of: ["msgid", "opter"], in: message.body)
            (msgid, opter) = (texts["msgid"], texts["opter"])
        }
        serialNumber = msgid.flatMap(Self.logged) ?? presented?.nonce.flatMap(Self.logged) ?? requestID
        self.opter = opter.flatMap { (1...128).contains($0.utf8.count) ? $0 : nil }
    }

    private static func logged(_ text: String) -> String? {
        text.utf8.count <= 64 && LoggedIdentifier.permits(text) ? text : nil
    }
}
