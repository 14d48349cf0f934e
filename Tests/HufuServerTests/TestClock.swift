import Foundation
import HufuServer
import Logging
import Synchronization

/// The machine's clock, moved forward by what the test asks for; a frozen one moves by nothing else.
final class TestClock: Sendable {
    private let offset = Mutex<Int64>(0)
    private let stopped: Int64?

    init() { stopped = nil }

    private init(stopped: Int64) { self.stopped = stopped }

    static var frozen: TestClock { TestClock(stopped: Server.systemClock()) }

    /// Nanoseconds since 1970.
    @Sendable func nanoseconds() -> Int64 { (stopped ?? Server.systemClock()) + offset.withLock { $0 } }

    var now: Date { Date(timeIntervalSince1970: Double(nanoseconds()) / 1e9) }

    func advance(seconds: Double) { offset.withLock { $0 += Int64(seconds * 1e9) } }

    static let hour = 3600.0
    static let day = 24 * hour
}

/// All that the server said in its operational log.
final class CapturedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "hufu.tests") { _ in Handler(log: self) }
        logger.logLevel = .debug
        return logger
    }

    /// Says it masked, as a server does.
    var redacting: Logger {
        var logger = logger
        logger.handler = RedactingLogHandler(logger.handler)
        return logger
    }

    private func add(_ line: String) { lines.withLock { $0.append(line) } }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        init(log: CapturedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let error = event.error.map { " \($0)" } ?? ""
            log.add(
                "\(event.level) \(event.message)\(error) \(String(describing: metadata)) "
                    + String(describing: event.metadata))
        }
    }
}
