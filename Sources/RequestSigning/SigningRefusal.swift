/// Why a request is not admitted, or can't be signed: a stable code, and what may be told to whoever sent it.
///
/// The detail names fields, limits and units; it never holds an expected signature or a part of a key.
public struct SigningRefusal: Error, Sendable, Hashable {
    public let code: Code
    /// English, one sentence; may be empty.
    public let detail: String

    public init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }
}
