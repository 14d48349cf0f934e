public import HTTPTypes

/// A request as it is signed and verified: its head and the exact bytes of its body.
public struct HTTPMessage: Sendable {
    public var head: HTTPRequest
    public var body: [UInt8]

    public init(_ head: HTTPRequest, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}
