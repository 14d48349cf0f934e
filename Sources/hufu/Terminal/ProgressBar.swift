import Foundation
import Synchronization

/// Progress on standard error: a bar that redraws itself on a terminal, elsewhere a plain line every ten
/// percent.
final class ProgressBar: Sendable {
    private static let width = 32

    private let label: String
    private let redraws: Bool
    /// What is on the screen: percent on a terminal, tens of percent elsewhere.
    private let shown = Mutex(-1)

    /// - Parameter forced: draw the bar even where standard error is no terminal.
    init(_ label: String, forced: Bool = false) {
        self.label = label
        redraws = forced || isatty(STDERR_FILENO) == 1
    }

    /// Cheap: draws only when the percentage changes.
    func update(_ done: Int, of total: Int) {
        let percent = total > 0 ? min(100, done * 100 / total) : 100
        let step = redraws ? percent : percent / 10
        let isNew = shown.withLock { shown in
            defer { shown = step }
            return step != shown
        }
        if isNew { draw(done, total, percent) }
    }

    /// Ends the line, so that what follows starts on one of its own.
    func finish() {
        if redraws, shown.withLock({ $0 >= 0 }) { write("\n") }
    }

    private func draw(_ done: Int, _ total: Int, _ percent: Int) {
        guard redraws else { return write("\(label): \(percent) % (\(done) of \(total))\n") }
        let filled = percent * Self.width / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
        // ESC [K clears what a longer line left behind.
        write("\r\(label) \(bar) \(percent) % \(done)/\(total)\u{1B}[K")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
