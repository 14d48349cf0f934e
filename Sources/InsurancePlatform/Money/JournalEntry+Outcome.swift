extension JournalEntry {
    /// Learns what became of the call that was just sent. `infcode` −1 is the platform's own failure, and a
    /// success that can't be read is none: both may have been carried out.
    public mutating func learn(
        _ result: Result<PlatformAnswer, PlatformFailure>, at now: Int64
    ) throws(IllegalStep) {
        switch result {
        case .failure(.notSent(let reason, _)):
            try take(.notSent, at: now)
            self.reason = reason.rawValue
        case .failure(.unknown(let reason, _)):
            try take(.lost, at: now)
            self.reason = reason.rawValue
        case .success(let answer):
            infcode = answer.infcode
            if answer.infcode == -1 {
                try take(.lost, at: now)
                reason = "system_error"
            } else if !answer.isSuccess {
                try take(.refused, at: now)
                reason = "platform_refused"
            } else if !MoneyRules.isSettlement(infno) {
                try take(.answered, at: now)
                let node = answer.output["result"] ?? answer.output["data"]
                mdtrtID = node?["mdtrt_id"]?.string ?? mdtrtID
            } else if let settled = try? Settlement.answer(from: answer.output) {
                try take(.answered, at: now)
                note(settled.info)
            } else {
                try take(.lost, at: now)
                reason = PlatformFailure.Reason.unreadableAnswer.rawValue
            }
        }
    }

    /// Whether its latest reversal certainly never left: the same may be sent again.
    public var isReversalUnsent: Bool {
        guard reversalMsgid != nil, state != .reversing, state != .reversed, let reason else { return false }
        return PlatformFailure.Reason(rawValue: reason) != nil
    }

    /// The reason of a call that the platform refused to reverse.
    public static let reversalRefused = "reversal_refused"

    /// Whether the platform refused to reverse it at a time when no copy of it could come any more.
    public func isReversalRefused(_ schedule: RecoverySchedule) -> Bool {
        guard state == .unknown, reason == Self.reversalRefused, let reversalAt else { return false }
        return reversalAt >= silentFrom(schedule)
    }

    /// Learns what became of the reversal that was just sent.
    public mutating func learnReversal(
        _ result: Result<PlatformAnswer, PlatformFailure>, at now: Int64
    ) throws(IllegalStep) {
        switch result {
        case .failure(.notSent(let reason, _)):
            try take(.reversalVoid, at: now)
            self.reason = reason.rawValue
        case .failure(.unknown(let reason, _)):
            self.reason = reason.rawValue
        case .success(let answer):
            if answer.isSuccess {
                try take(.reversalAccepted, at: now)
            } else if answer.infcode == -1 {
                reason = "system_error"
            } else {
                try take(.reversalVoid, at: now)
                reason = Self.reversalRefused
            }
        }
    }
}
