public import Foundation

// What a code permits, and what follows. Each decision collects every failed check before it refuses, the
// most important first, so that a caller can cure all of them at once.
extension ActivationCode {
    /// A redemption: counts one use. A further activation of an active or bound code is another redemption.
    /// The one that reaches the limit exhausts the code.
    public func activating(_ claim: Claim) -> Result<ActivationCode, Refusal> {
        decide(.activate, at: claim.now, failed: standing(at: claim.now) + spent() + place(claim)) { code in
            code.expiresAt = code.expiresAt ?? code.duration.date(after: claim.now)
            code.count(1)
        }
    }

    /// Binds a device by its key, whose possession the caller has proved.
    ///
    /// A key that is already bound may bind again, from the machine that it was bound on, and counts no
    /// device. An exhausted code stays exhausted and may still bind.
    ///
    /// - Parameter devices: those bound to this code now, revoked ones left out.
    public func binding(
        _ device: Device, among devices: [Device], _ claim: Claim
    ) -> Result<ActivationCode, Refusal> {
        var failed = standing(at: claim.now) + activated()
        if let bindingKey, !equalInConstantTime(bindingKey, device.keyThumbprint) {
            failed.append(.init(.bindingKeyMismatch))
        }
        if let known = devices.first(where: { equalInConstantTime($0.keyThumbprint, device.keyThumbprint) }) {
            if !known.fingerprint.matches(device.fingerprint, matching) {
                failed.append(.init(.deviceMismatch))
            }
        } else {
            // A fingerprint too small for its rule would bind now and never be recognized again.
            if !device.fingerprint.matches(device.fingerprint, matching) {
                failed.append(.init(.deviceMismatch, detail: "needs more fingerprint components"))
            }
            if devices.count >= deviceLimit {
                failed.append(.init(.deviceLimit, detail: "at most \(deviceLimit)"))
            }
        }
        return decide(.bind, at: claim.now, failed: failed + place(claim)) { _ in }
    }

    /// Whether the code is good for `scopes` now. Changes nothing.
    ///
    /// - Parameters:
    ///   - device: the bound device that makes the call, proved by its signature; `nil`: none.
    ///   - presented: the machine's fingerprint now; `nil`: none was presented.
    public func validating(
        _ claim: Claim, device: Device?, presented: DeviceFingerprint?, scopes: [String]
    ) -> Result<ActivationCode, Refusal> {
        var failed = standing(at: claim.now) + activated()
        if device == nil, neverActivated == false { failed += spent() }
        if let presented {
            // Before the first binding there is no machine to differ from.
            let isKnown =
                device.map { $0.fingerprint.matches(presented, matching) } ?? (standingState == .active)
            if !isKnown, !neverActivated { failed.append(.init(.deviceMismatch)) }
        }
        failed += place(claim)
        let missing = Set(scopes).subtracting(self.scopes)
        if !missing.isEmpty {
            // Only what has a scope's form is repeated: the text came from outside.
            let names = missing.filter(FieldForm.isGrant).sorted().prefix(8).joined(separator: ", ")
            failed.append(.init(.scopeNotGranted, detail: names.isEmpty ? nil : "needs \(names)"))
        }
        guard failed.isEmpty else { return .failure(refusal(failed)) }
        return .success(self)
    }

    /// Metered use of `amount` ≥ 1, all or nothing, never past the limit.
    public func using(_ amount: Int, _ claim: Claim) -> Result<ActivationCode, Refusal> {
        var failed = standing(at: claim.now) + activated()
        if !neverActivated { failed += spent(by: amount) }
        failed += place(claim)
        if amount < 1 { failed.append(.init(.illegalTransition, detail: "an amount is at least 1")) }
        return decide(.use, at: claim.now, failed: failed) { $0.count(amount) }
    }

    /// Adds a renewal period to the end of the code's validity, wherever between now and there it is asked
    /// for.
    public func renewing(at now: Date) -> Result<ActivationCode, Refusal> {
        // A code that isn't valid yet may be renewed already.
        var failed = standing(at: now).filter { $0.code != .notYetValid } + activated()
        if renewalsLeft < 1 { failed.append(.init(.renewalsUsedUp)) }
        return decide(.renew, at: now, failed: failed) { code in
            code.expiresAt = code.renewalPeriod.date(after: code.expiresAt ?? now)
            code.renewalsLeft -= 1
        }
    }

    /// Stops the code until ``resuming(at:)``. Its time runs on.
    public func suspending(at now: Date) -> Result<ActivationCode, Refusal> {
        let failed = standing(at: now).filter { $0.code != .notYetValid }
        return decide(.suspend, at: now, failed: failed) { $0.suspendedFrom = state }
    }

    /// Returns a suspended code to the state it came from.
    public func resuming(at now: Date) -> Result<ActivationCode, Refusal> {
        var failed = finality(at: now)
        if !Lifecycle.canResume(state), !state.isFinal { failed.append(.init(.notSuspended)) }
        guard failed.isEmpty else { return .failure(refusal(failed)) }
        guard let suspendedFrom else { return .failure(Refusal(.illegalTransition)) }
        var code = self
        code.state = suspendedFrom
        code.suspendedFrom = nil
        return .success(code)
    }

    /// Withdraws the code for good. A code that is over already stays what it is.
    public func revoking(_ reason: RevocationReason, at now: Date) -> Result<ActivationCode, Refusal> {
        var failed = finality(at: now)
        if !reason.isFinal {
            failed.append(
                .init(.illegalTransition, detail: "\(reason.name) is no revocation: suspend or resume"))
        }
        return decide(.revoke, at: now, failed: failed) { code in
            code.suspendedFrom = nil
            code.revocation = Revocation(reason: reason, at: now.wholeMilliseconds)
        }
    }

    /// The sweep: the code marked expired, or `nil` where it isn't due or is over already.
    public func expiring(at now: Date) -> ActivationCode? {
        guard !state.isFinal, effectiveState(at: now) == .expired,
            let expired = Lifecycle.next(state, .expire)
        else { return nil }
        var code = self
        code.state = expired
        code.suspendedFrom = nil
        return code
    }
}

extension ActivationCode {
    /// Takes the step where no check failed. That the table knows the step is checked last: the checks above
    /// say it better, so this refusal means that they have a gap.
    private func decide(
        _ event: CodeEvent, at now: Date, failed: [Refusal.Check], change: (inout ActivationCode) -> Void
    ) -> Result<ActivationCode, Refusal> {
        guard failed.isEmpty else { return .failure(refusal(failed)) }
        guard let next = Lifecycle.next(state, event) else {
            return .failure(Refusal(.illegalTransition, detail: "\(event.rawValue) while \(state.rawValue)"))
        }
        var code = self
        code.state = next
        change(&code)
        return .success(code)
    }

    /// Counts uses that were checked to fit, and exhausts the code with the last one.
    private mutating func count(_ amount: Int) {
        usedCount += amount
        if let usageLimit, usedCount >= usageLimit { state = Lifecycle.next(state, .exhaust) ?? state }
    }
}
