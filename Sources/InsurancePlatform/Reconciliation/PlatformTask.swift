/// What a machine must not decide: left for a person.
public struct PlatformTask: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Both have it, with other amounts.
        case amountsDiffer = "amounts_differ"
        /// The journal counts it, and the platform doesn't have it.
        case onlyHere = "only_here"
        /// The platform has it; the journal doesn't, or can't reverse it.
        case onlyThere = "only_there"
        /// Neither 5203 nor 2601 tells what became of it.
        case undecided
    }

    public enum State: String, Sendable, Hashable, CaseIterable {
        case open
        /// A person decided.
        case done
        /// The difference was gone at a later run.
        case gone
    }

    public enum Decision: String, Sendable, Hashable, CaseIterable {
        /// Dealt with elsewhere.
        case done
        /// Reverse it by 2601.
        case reverse
        /// The platform's people say that it is settled.
        case settled
        /// The platform's people say that it isn't.
        case notSettled = "not_settled"
    }

    public var id: Int
    public var key: StatementKey
    public var kind: Kind
    public var msgid: String?
    public var setlID: String?
    public var mdtrtID: String?
    public var state: State
    public var decision: Decision?
    /// The operator's id.
    public var decidedBy: String?
    /// Unix milliseconds.
    public var createdAt: Int64
    public var decidedAt: Int64?

    /// A new one, open; its id is the store's.
    public init(
        key: StatementKey, kind: Kind, msgid: String?, setlID: String?, mdtrtID: String?, createdAt: Int64
    ) {
        id = 0
        self.key = key
        self.kind = kind
        self.msgid = msgid
        self.setlID = setlID
        self.mdtrtID = mdtrtID
        state = .open
        self.createdAt = createdAt
    }

    /// What it is about, so that one difference makes one task.
    public var subject: String { msgid ?? setlID.map { "setl:\($0)" } ?? "visit:\(mdtrtID ?? "")" }
}
