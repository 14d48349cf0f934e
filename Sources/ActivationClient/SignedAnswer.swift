public import HTTPTypes
public import RequestSigning

/// What came back on a signed call, whatever its status.
public struct SignedAnswer: Sendable {
    public var status: Int
    public var fields: HTTPFields
    public var body: [UInt8]
    /// When the request was signed, by the server's clock as far as it is known; unix milliseconds.
    public var signedAt: Int64
    /// How often it was sent; each time with a signature of its own.
    public var attempts: Int
    /// What the answers' dates taught about the server's clock, the most notable of all attempts.
    public var clock: ClockOffset.Lesson

    /// The answer as this library's other calls have theirs.
    package var response: APIResponse {
        APIResponse(
            status: status, headers: fields.map { (name: $0.name.rawName, value: $0.value) }, bytes: body)
    }
}
