/// What the platform answered, whatever carried it. A business refusal is an answer too.
public struct PlatformAnswer: Sendable, Hashable {
    /// 0 is success, -1 a system error of the platform, anything else a business refusal.
    public var infcode: Int
    /// `inf_refmsgid`: the platform's own identifier of the answer.
    public var refMessageID: String
    /// `err_msg`, where there is one.
    public var message: String?
    /// The output node; `.null` where there is none.
    public var output: ExactJSON

    public var isSuccess: Bool { infcode == 0 }

    public init(infcode: Int, refMessageID: String, message: String? = nil, output: ExactJSON = .null) {
        self.infcode = infcode
        self.refMessageID = refMessageID
        self.message = message
        self.output = output
    }
}
