/// One way a request may have been signed: the profile's own, until alterations change it.
struct Replay: Sendable {
    var time: String
    var nonce: String
    /// The business parameters, where the profile signs them.
    var content: ReplayedContent?
    /// What stands in place of the written parameters.
    var whole: [UInt8]?
    /// Puts time, nonce and parameters together.
    var frame: @Sendable (Replay) -> [UInt8]
    var check: SignatureCheck

    var parameters: [UInt8] { whole ?? content?.written() ?? [] }
    var text: [UInt8] { frame(self) }
}

/// Whether the presented signature is one over a text, with one key and in one encoding.
struct SignatureCheck: Sendable {
    /// Tells two checks apart.
    let name: String
    let isValid: @Sendable (_ text: [UInt8]) -> Bool
}
