/// A known mistake as a change of how a request is signed. When the signature matches after the change, the
/// mistake is proven.
struct Alteration: Sendable {
    /// What the change touches. Two changes of one stage can't be combined.
    enum Stage: Sendable, Hashable {
        case names, empties, space, text, numbers, escapes, order, separators, bytes, whole, time, nonce, key,
            frame

        /// Is it about how the parameters are written?
        var isOfContent: Bool {
            switch self {
            case .names, .empties, .space, .text, .numbers, .escapes, .order, .separators, .bytes: true
            case .whole, .time, .nonce, .key, .frame: false
            }
        }
    }

    let mistake: SignatureMistake
    let stage: Stage
    /// What the client did, in so many words.
    let told: BilingualText
    let change: @Sendable (inout Replay) -> Void

    init(
        _ mistake: SignatureMistake, _ stage: Stage, _ chinese: String, _ english: String,
        _ change: @escaping @Sendable (inout Replay) -> Void
    ) {
        self.mistake = mistake
        self.stage = stage
        told = BilingualText(chinese, english)
        self.change = change
    }
}
