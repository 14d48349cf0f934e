/// The transition table of the journal, as data. The same table stands in docs/formats/settlements.md, and a
/// test holds the two equal.
public enum JournalTable {
    /// Every permitted transition but `reversalVoid`, which leads back to where the reversal began.
    public static let transitions: [(from: JournalState, event: JournalEvent, to: JournalState)] = [
        (.intent, .answered, .success),
        (.intent, .refused, .fail),
        (.intent, .notSent, .unsent),
        (.intent, .lost, .unknown),

        (.unsent, .sendAgain, .intent),
        (.unsent, .reversalBegins, .reversing),

        (.success, .reversalBegins, .reversing),

        (.fail, .reversalBegins, .reversing),

        (.unknown, .found, .success),
        (.unknown, .absent, .fail),
        (.unknown, .reversalBegins, .reversing),

        (.reversing, .reversalAccepted, .reversed),

        (.reversed, .reversalBegins, .reversing),
    ]

    /// The state after `event`, or nil where the table has none. Also nil for every `reversalVoid`: see
    /// ``canReturn(_:)``.
    public static func next(_ state: JournalState, _ event: JournalEvent) -> JournalState? {
        transitions.first { $0.from == state && $0.event == event }?.to
    }

    /// Whether a call in `state` can return to the state in which its reversal began.
    public static func canReturn(_ state: JournalState) -> Bool { state == .reversing }
}
