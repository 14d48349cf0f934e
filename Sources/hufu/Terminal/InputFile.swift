import Foundation

/// A file that a command was told to read.
enum InputFile {
    static func contents(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.environment, "error: \(path) can't be read")
        }
        return data
    }
}
