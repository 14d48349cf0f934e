/// The platform's answer as it is written, in the spellings that sites differ by.
public struct FsiResponse: Sendable, Hashable {
    public var infcode: Int
    /// `inf_refmsgid`; see ``referenceID(admdvs:now:sequence:)``.
    public var refMessageID: String
    /// When the request came and when it was answered; unix milliseconds.
    public var received: Int64
    public var responded: Int64
    /// At most 200 characters are sent.
    public var message: String?
    public var output: ExactJSON
    public var enctype = ""
    public var signtype = ""

    /// How sites differ.
    public struct Form: Sendable, Hashable {
        public var infcodeAsString = false
        /// The output as JSON inside a string.
        public var outputAsString = false
        public var numbersAsStrings = false

        public init() {}
    }

    public init(
        infcode: Int, refMessageID: String, received: Int64, responded: Int64, message: String? = nil,
        output: ExactJSON = .null
    ) {
        self.infcode = infcode
        self.refMessageID = refMessageID
        self.received = received
        self.responded = responded
        self.message = message
        self.output = output
    }

    /// `inf_refmsgid`: the place (6), the time (14) and ten digits of a running number.
    public static func referenceID(admdvs: String, now: Int64, sequence: UInt64) -> String {
        let number = String(sequence % 10_000_000_000)
        let padding = String(repeating: "0", count: 10 - number.utf8.count)
        return String(admdvs.prefix(6)) + ChinaTime.text(now, .compact) + padding + number
    }

    public func encode(_ form: Form = Form()) -> [UInt8] {
        let content = form.numbersAsStrings ? output.withNumbersAsStrings : output
        let isString = form.outputAsString && content != .null
        let written = isString ? .string(String(decoding: content.text(), as: UTF8.self)) : content
        let object: ExactJSON = [
            "infcode": form.infcodeAsString ? .string(String(infcode)) : .number(String(infcode)),
            "inf_refmsgid": .string(refMessageID),
            "refmsg_time": .string(ChinaTime.text(received, .milliseconds)),
            "respond_time": .string(ChinaTime.text(responded, .milliseconds)),
            "enctype": .string(enctype), "signtype": .string(signtype),
            "err_msg": message.map {
                .string(String(String.UnicodeScalarView($0.unicodeScalars.prefix(200))))
            } ?? .null,
            "output": written,
        ]
        return object.text()
    }
}
