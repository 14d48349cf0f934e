/// One money call as the journal knows it: nothing in it names a person.
public struct JournalEntry: Sendable, Hashable {
    /// The message's identifier, by which the platform knows the call too.
    public let msgid: String
    public let infno: String
    /// `fixmedins_code`: who settles.
    public let fixmedinsCode: String
    /// Who asked, as the server names its institutions.
    public let institution: String
    public private(set) var state: JournalState
    /// The state in which a reversal began; nil unless one is under way.
    public private(set) var reversedFrom: JournalState?
    /// The stable code of why it is as it is, such as `timeout`; nil where nothing is amiss.
    public var reason: String?
    /// The platform's, once it answered.
    public var infcode: Int?
    public var mdtrtID: String?
    public var setlID: String?
    public var insutype: String?
    public var clrType: String?
    /// The day in China on which the settlement counts: the platform's `setl_time`, before that our clock's.
    public var date: String
    public var amounts: SettlementAmounts
    /// Unix milliseconds, like all moments here.
    public private(set) var sentAt: Int64
    public private(set) var changedAt: Int64
    /// When to look again while it is open, and how often that was done.
    public var nextAt: Int64
    public var attempts: Int
    public private(set) var reversalMsgid: String?
    public private(set) var reversalAt: Int64?
    /// When a statement agreed that the reversal is in force.
    public var confirmedAt: Int64?

    /// The table has no such step.
    public struct IllegalStep: Error, Sendable, Hashable {
        public let state: JournalState
        public let event: JournalEvent
    }

    /// A call that is about to be sent.
    public init(
        msgid: String, infno: String, fixmedinsCode: String, institution: String, date: String, at now: Int64
    ) {
        self.msgid = msgid
        self.infno = infno
        self.fixmedinsCode = fixmedinsCode
        self.institution = institution
        self.date = date
        state = .intent
        amounts = .zero
        sentAt = now
        changedAt = now
        nextAt = now
        attempts = 0
    }

    /// Takes a step of the table. `reversalBegins` is ``beginReversal(msgid:at:)``.
    public mutating func take(_ event: JournalEvent, at now: Int64) throws(IllegalStep) {
        let target = event == .reversalVoid ? reversedFrom : JournalTable.next(state, event)
        guard let target, event != .reversalBegins else { throw IllegalStep(state: state, event: event) }
        state = target
        changedAt = now
        attempts = 0
        nextAt = now
        reversedFrom = nil
        if event == .sendAgain { sentAt = now }
        if target != .reversing { reason = nil }
    }

    /// Before the reversal of that identifier is sent. What was reversed before may be reversed again: only
    /// where the platform shows that it is still there.
    public mutating func beginReversal(msgid: String, at now: Int64) throws(IllegalStep) {
        guard MoneyRules.isReversible(infno), JournalTable.next(state, .reversalBegins) == .reversing else {
            throw IllegalStep(state: state, event: .reversalBegins)
        }
        reversedFrom = state
        state = .reversing
        reversalMsgid = msgid
        reversalAt = now
        confirmedAt = nil
        changedAt = now
        attempts = 0
        nextAt = now
    }

    /// Looks again later.
    public mutating func wait(until moment: Int64, because reason: String) {
        attempts += 1
        nextAt = moment
        self.reason = reason
    }
}

extension JournalEntry {
    /// Everything at once, as a store keeps it.
    public struct Stored: Sendable, Hashable {
        public var state: JournalState
        public var reversedFrom: JournalState?
        public var changedAt: Int64
        public var reversalMsgid: String?
        public var reversalAt: Int64?

        public init(
            state: JournalState, reversedFrom: JournalState?, changedAt: Int64, reversalMsgid: String?,
            reversalAt: Int64?
        ) {
            self.state = state
            self.reversedFrom = reversedFrom
            self.changedAt = changedAt
            self.reversalMsgid = reversalMsgid
            self.reversalAt = reversalAt
        }
    }

    /// Read back from a store.
    public init(
        msgid: String, infno: String, fixmedinsCode: String, institution: String, date: String,
        sentAt: Int64, stored: Stored
    ) {
        self.init(
            msgid: msgid, infno: infno, fixmedinsCode: fixmedinsCode, institution: institution, date: date,
            at: sentAt)
        state = stored.state
        reversedFrom = stored.reversedFrom
        changedAt = stored.changedAt
        reversalMsgid = stored.reversalMsgid
        reversalAt = stored.reversalAt
    }
}
