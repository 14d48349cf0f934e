import Synchronization

/// The last look at whether the server is ready, good for a second: looking writes to the disk, and anybody may
/// ask.
final class Readiness: Sendable {
    private static let lifetime: Int64 = 1_000_000_000

    private let last = Mutex<(at: Int64, answer: APIAnswer)?>(nil)

    /// - Parameter nanoseconds: now.
    func answer(at nanoseconds: Int64, look: () async -> APIAnswer) async -> APIAnswer {
        if let last = last.withLock({ $0 }), nanoseconds - last.at < Self.lifetime { return last.answer }
        let answer = await look()
        last.withLock { $0 = (nanoseconds, answer) }
        return answer
    }
}
