/// No answer came, so nothing is known about what the server did; the same request may be sent again.
public struct ServerUnreachable: Error, Sendable, CustomStringConvertible {
    public var address: ServerAddress
    public var reason: String

    public init(address: ServerAddress, reason: String) {
        self.address = address
        self.reason = reason
    }

    public var description: String { "\(address) can't be reached: \(reason)" }
}
