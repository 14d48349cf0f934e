/// Key-value pairs that the issuer attaches to a code; Hufu stores and returns them and reads nothing into
/// them.
///
/// At most 32 pairs; a key is `^[a-z][a-z0-9_.-]{0,63}$`, a value at most 512 bytes of UTF-8 without control
/// characters.
public struct CodeMetadata: Sendable, Equatable {
    public private(set) var pairs: [String: String]

    /// No pairs.
    public init() { pairs = [:] }

    public init(_ pairs: [String: String]) throws(CodeFieldError) {
        try FieldForm.require(pairs.count <= 32, "metadata", "at most 32 pairs")
        for (key, value) in pairs {
            try FieldForm.require(
                FieldForm.matches(
                    key, 1...64, first: .lowercase, others: [.lowercase, .digits, .dotHyphen, .underscore]),
                "metadata", "keys that are ^[a-z][a-z0-9_.-]{0,63}$")
            try FieldForm.require(
                value.utf8.count <= 512
                    && value.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
                "metadata.\(key)", "at most 512 bytes of UTF-8 without control characters")
        }
        self.pairs = pairs
    }
}
