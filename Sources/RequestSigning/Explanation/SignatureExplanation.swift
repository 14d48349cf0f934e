/// Why a signed request was, or would be, refused: verification replayed step by step, and the mistakes
/// found.
///
/// Nothing in it is secret: no key, no token, no expected signature. Texts hold the request's own values, so
/// who shows them must be allowed to see the request.
public struct SignatureExplanation: Sendable {
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        case accepted, refused
        /// Nothing is wrong as far as can be told without the key, or the time of receipt.
        case undecided
    }

    public let verdict: Verdict
    /// The profile's id; nil if the request is of none.
    public let profileID: String?
    /// The key that the request names.
    public let keyID: String?
    /// The first thing wrong in the gateway's order; nil if nothing is.
    public let refusal: SigningRefusal?
    /// The surest first. An accepted request may still have a remark.
    public let findings: [SignatureFinding]
    /// In the order of verification.
    public let steps: [SignatureStep]

    /// Replays a request's verification and looks for what went wrong.
    ///
    /// Pure, but not cheap: a signature that doesn't match may be checked some thousand times over, a
    /// fraction of a second to a few seconds in all.
    public init(of message: HTTPMessage, evidence: SignatureEvidence = SignatureEvidence()) {
        var examination = SignatureExamination(message, evidence)
        examination.run()
        let refused = examination.refusal ?? evidence.refusal
        refusal = refused
        profileID = examination.profile?.id
        keyID = examination.parts.keyID
        steps = examination.steps
        findings = examination.rankedFindings
        let isDecided = evidence.key != nil && evidence.receivedAt != nil
        verdict = refused != nil ? .refused : isDecided ? .accepted : .undecided
    }
}
