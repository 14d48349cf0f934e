import Synchronization

/// The day of the last warning: one a day is enough.
final class WarnedDay: Sendable {
    private let last = Atomic<Int64>(.min)

    func isNew(day: Int64) -> Bool { last.exchange(day, ordering: .relaxed) != day }
}
