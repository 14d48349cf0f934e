/// A field has a form that isn't allowed. Broken input, not a refusal: nobody decided anything.
public struct CodeFieldError: Error, Equatable {
    /// The field's name as in the API: `usage_limit`, `metadata`.
    public var field: String
    /// The allowed form, for people: `an integer from 1 to 10000`.
    public var allowed: String

    public init(field: String, allowed: String) {
        self.field = field
        self.allowed = allowed
    }
}
