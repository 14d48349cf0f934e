import Foundation

/// What SIGINT and SIGTERM do while a file is unfinished: remove it, and end the program with 128 and the
/// signal's number.
enum Interruption {
    /// Never freed: a handler on another thread may be reading it.
    private nonisolated(unsafe) static var path: UnsafeMutablePointer<CChar>?

    /// Before the file is made, that no moment is left in which it would stay.
    static func begin(removing file: String) {
        path = strdup(file)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if let path = Interruption.path { unlink(path) }
                _exit(128 + number)
            }
        }
    }

    static func end() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
