/// What can be learnt about a money call.
public enum JournalEvent: String, Sendable, Hashable, CaseIterable {
    /// The platform answered: carried out.
    case answered
    /// The platform answered: refused.
    case refused
    /// Nothing of the call reached the platform.
    case notSent = "not_sent"
    /// It was sent, and no whole, readable answer came; or the process ended before one was written down.
    case lost
    /// Whoever asked for it sends the same call again.
    case sendAgain = "send_again"
    /// 5203 shows it.
    case found
    /// The platform doesn't know it, asked after every copy under way has gone stale.
    case absent
    /// A reversal is written down, before it is sent.
    case reversalBegins = "reversal_begins"
    /// The reversal was accepted, or what was reversed is gone.
    case reversalAccepted = "reversal_accepted"
    /// The reversal was certainly not carried out: refused, not sent, or what it named is still there.
    case reversalVoid = "reversal_void"
}
