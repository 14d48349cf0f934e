/// The transition table of activation codes, as data. The same table stands in docs/formats/lifecycle.md, and
/// a test holds the two equal.
public enum Lifecycle {
    /// Every permitted transition but `resume`, whose target is the state that the code was suspended from.
    public static let table: [(from: CodeState, event: CodeEvent, to: CodeState)] = [
        (.pending, .activate, .active),
        (.pending, .suspend, .suspended),
        (.pending, .revoke, .revoked),
        (.pending, .expire, .expired),

        (.active, .activate, .active),
        (.active, .bind, .bound),
        (.active, .use, .active),
        (.active, .exhaust, .exhausted),
        (.active, .suspend, .suspended),
        (.active, .renew, .active),
        (.active, .revoke, .revoked),
        (.active, .expire, .expired),

        (.bound, .activate, .bound),
        (.bound, .bind, .bound),
        (.bound, .use, .bound),
        (.bound, .exhaust, .exhausted),
        (.bound, .suspend, .suspended),
        (.bound, .renew, .bound),
        (.bound, .revoke, .revoked),
        (.bound, .expire, .expired),

        (.exhausted, .bind, .exhausted),
        (.exhausted, .suspend, .suspended),
        (.exhausted, .renew, .exhausted),
        (.exhausted, .revoke, .revoked),
        (.exhausted, .expire, .expired),

        (.suspended, .revoke, .revoked),
        (.suspended, .expire, .expired),
    ]

    /// The state after `event`, or `nil` where the table has none.
    ///
    /// Also `nil` for every `resume`: see ``canResume(_:)``.
    public static func next(_ state: CodeState, _ event: CodeEvent) -> CodeState? {
        table.first { $0.from == state && $0.event == event }?.to
    }

    /// Whether a code in `state` can return to the state it was suspended from.
    public static func canResume(_ state: CodeState) -> Bool { state == .suspended }
}
