/// What keeps a sandbox from starting or from doing what the control API asks.
public struct SandboxError: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
