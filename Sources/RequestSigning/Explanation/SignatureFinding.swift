/// One thing found about a request: which mistake, how sure, and what exactly.
public struct SignatureFinding: Sendable, Hashable {
    public enum Certainty: String, Sendable, Hashable, CaseIterable {
        /// A rule is broken outright, or the signature matches once the mistake is repeated.
        case proven
        /// The request looks like it.
        case likely
        /// Nothing speaks against it.
        case possible
    }

    public let mistake: SignatureMistake
    public let certainty: Certainty
    /// This request's own case of it, in so many words.
    public let detail: BilingualText

    public var cause: BilingualText { mistake.cause }
    public var cure: BilingualText { mistake.cure }

    init(_ mistake: SignatureMistake, _ certainty: Certainty, _ chinese: String, _ english: String) {
        self.init(mistake, certainty, BilingualText(chinese, english))
    }

    init(_ mistake: SignatureMistake, _ certainty: Certainty, _ detail: BilingualText) {
        self.mistake = mistake
        self.certainty = certainty
        self.detail = detail
    }
}
