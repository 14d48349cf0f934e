public import Foundation

// The checks that decisions are made of, in the order in which they are reported.
extension ActivationCode {
    /// The state at `now`: past ``expiresAt``, or never activated and past ``activateBefore``, a code reads
    /// as expired before any sweep has marked it.
    public func effectiveState(at now: Date) -> CodeState {
        guard !state.isFinal else { return state }
        return hasLapsed(at: now) || windowHasPassed(at: now) ? .expired : state
    }

    var neverActivated: Bool { usedCount == 0 }

    /// The state behind a suspension.
    var standingState: CodeState { suspendedFrom ?? state }

    private func hasLapsed(at now: Date) -> Bool {
        expiresAt.map { now.milliseconds >= $0.milliseconds } ?? false
    }

    private func windowHasPassed(at now: Date) -> Bool {
        neverActivated && now.milliseconds >= activateBefore.milliseconds
    }

    /// Revoked, expired, or never activated in time. Says the same before and after the sweep.
    func finality(at now: Date) -> [Refusal.Check] {
        var failed: [Refusal.Check] = []
        if state == .revoked { failed.append(.init(.revoked, detail: revocation?.reason.name)) }
        let windowHasPassed = windowHasPassed(at: now)
        // Marked by a sweep whose clock was ahead of this one's: expired all the same.
        let isMarkedOnly = state == .expired && !windowHasPassed
        if hasLapsed(at: now) || isMarkedOnly { failed.append(.init(.expired)) }
        if windowHasPassed { failed.append(.init(.activationWindowPassed)) }
        return failed
    }

    /// What every use of a code needs first: not over, not suspended, already valid.
    func standing(at now: Date) -> [Refusal.Check] {
        var failed = finality(at: now)
        if state == .suspended { failed.append(.init(.suspended)) }
        if now.milliseconds < notBefore.milliseconds { failed.append(.init(.notYetValid)) }
        return failed
    }

    func activated() -> [Refusal.Check] {
        neverActivated ? [.init(.notActivated)] : []
    }

    /// Whether `amount` more uses don't fit.
    func spent(by amount: Int = 1) -> [Refusal.Check] {
        let (sum, overflows) = usedCount.addingReportingOverflow(max(amount, 1))
        guard let usageLimit else { return overflows ? [.init(.exhausted)] : [] }
        guard overflows || sum > usageLimit || standingState == .exhausted else { return [] }
        return [.init(.exhausted, detail: "\(max(0, usageLimit - usedCount)) of \(usageLimit) left")]
    }

    func place(_ claim: Claim) -> [Refusal.Check] {
        guard !addressRanges.isEmpty else { return [] }
        let isAllowed =
            claim.address.map { address in addressRanges.contains { $0.contains(address) } } ?? false
        return isAllowed ? [] : [.init(.addressNotAllowed)]
    }

    func refusal(_ failed: [Refusal.Check]) -> Refusal {
        let isExpired = failed.contains { $0.code == .expired }
        return Refusal(failed, validUntil: isExpired ? expiresAt ?? activateBefore : nil)
    }
}
