/// Why a text is not acceptable JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
    /// Bytes from the start of the text to where it went wrong.
    public var offset: Int
    /// One clause in English, without the offset; it never quotes the input.
    public var reason: String

    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "not JSON at byte \(offset): \(reason)" }
}
