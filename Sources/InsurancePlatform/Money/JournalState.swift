/// Where a money call stands: docs/formats/settlements.md.
public enum JournalState: String, Sendable, Hashable, CaseIterable {
    /// Written down, and perhaps on its way.
    case intent
    /// Certainly never sent: the same call may be sent by whoever asked for it.
    case unsent
    case success
    /// Certainly not carried out: the platform refused it, or has no such thing.
    case fail
    /// Sent, and no whole answer came back: nobody knows yet.
    case unknown
    /// A reversal (2601) is on its way, or its own outcome is unknown.
    case reversing
    /// A reversal was accepted. In force only when a later statement agrees.
    case reversed

    /// Whether somebody has still to find out.
    public var isOpen: Bool { self == .intent || self == .unknown || self == .reversing }
}
