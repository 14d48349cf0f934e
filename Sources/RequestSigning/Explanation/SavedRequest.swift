internal import HTTPTypes

/// A request as somebody kept it: raw HTTP/1.1 text, a curl command line, or an entry of a HAR file.
///
/// Reading makes nothing up: bytes of the body are those that travelled (or that curl would have sent).
public struct SavedRequest: Sendable {
    public let message: HTTPMessage
    /// When it left by its sender's own clock, in unix milliseconds: HAR's `startedDateTime`, else the
    /// request's `Date` field; nil where neither is there.
    public let sentAt: Int64?
    /// How a gateway refused it; nil where the answer wasn't kept, or was no such refusal.
    public let answer: SigningRefusal?

    /// - Parameter sentAt: nil takes the `Date` field.
    public init(_ message: HTTPMessage, sentAt: Int64? = nil, answer: SigningRefusal? = nil) {
        self.message = message
        self.sentAt = sentAt ?? message.head.headerFields[.date].flatMap(CalendarTime.milliseconds(httpDate:))
        self.answer = answer
    }
}

extension HTTPField.Name {
    /// `Host`, which a request's head keeps as its authority instead.
    var isHost: Bool { canonicalName == "host" }
}
