/// One step of replaying how a request is verified.
public struct SignatureStep: Sendable, Hashable {
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        case passed, failed
        /// Couldn't be judged: a fact or the key is missing, or an earlier step failed.
        case skipped
    }

    public let title: BilingualText
    public let outcome: Outcome
    /// What the step saw or made, such as the canonical text; no secret, no expected signature. Bytes that
    /// aren't text are shown as `\xNN`.
    public let text: String

    init(_ chinese: String, _ english: String, _ outcome: Outcome, _ text: String = "") {
        title = BilingualText(chinese, english)
        self.outcome = outcome
        self.text = text
    }
}
