import Synchronization

/// Gives an institution its message identifiers: each greater than the one before, whatever the clock does.
///
/// One source an institution in the whole process. The 10,001st identifier of a second takes the next second's
/// first number instead of waiting for it, and a clock that is set back is outlived the same way.
public final class MessageIDSource: Sendable {
    public let fixmedinsCode: String
    private let firstSequence: Int
    private let last: Mutex<(second: Int64, sequence: Int)>

    /// - Parameters:
    ///   - after: the last identifier that was used before this process began, from the journal: without
    ///     it a restart within a second would give its numbers again.
    ///   - firstSequence: a second's first number: whoever shares the code with another source keeps apart by it.
    /// - Throws: `malformed_field` unless the code is 12 letters and digits.
    public init(fixmedinsCode: String, after: MessageID? = nil, firstSequence: Int = 0) throws(FsiError) {
        try MessageID.check(fixmedinsCode)
        self.fixmedinsCode = fixmedinsCode
        self.firstSequence = firstSequence
        last = Mutex(after.map { (second: $0.second, sequence: $0.sequence) } ?? (Int64.min, 0))
    }

    /// - Parameter now: unix milliseconds.
    public func next(now: Int64) -> MessageID {
        let second = now >= 0 ? now / 1000 : 0
        let (usedSecond, sequence) = last.withLock { last in
            if second > last.second {
                last = (second, firstSequence)
            } else if last.sequence + 1 < MessageID.mostInASecond {
                last.sequence += 1
            } else {
                last = (last.second + 1, firstSequence)
            }
            return last
        }
        return MessageID(code: fixmedinsCode, second: usedSecond, sequence: sequence)
    }
}
