import Crypto

/// Secret bytes both sides hold: an HMAC key, a gateway's token, an application's secret.
///
/// They are overwritten when the last copy goes, compared in constant time, and print as “redacted”.
public struct SharedSecret: Sendable, Hashable {
    let key: SymmetricKey

    /// - Parameter bytes: copied; the array stays the caller's to wipe.
    public init(_ bytes: some Sequence<UInt8>) {
        key = SymmetricKey(data: Array(bytes))
    }

    /// The text's UTF-8.
    public init(_ text: String) {
        self.init(text.utf8)
    }

    /// Bytes from the system's random generator.
    public static func random(byteCount: Int = 32) -> SharedSecret {
        SharedSecret(key: SymmetricKey(size: SymmetricKeySize(bitCount: max(byteCount, 1) * 8)))
    }

    private init(key: SymmetricKey) {
        self.key = key
    }

    public var byteCount: Int { key.bitCount / 8 }

    /// The bytes themselves, for as long as the closure runs.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
    {
        try key.withUnsafeBytes(body)
    }

    /// Hashes the length alone, so that nothing derived from the bytes remains.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(key.bitCount)
    }
}

extension SharedSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SharedSecret(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
