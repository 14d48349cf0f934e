import Foundation

/// The file that codes are written to: temporary and readable by its owner alone, until it is whole and
/// durable. Whoever interrupts the program before that leaves none behind.
struct BatchFile {
    private let temporaryPath: String
    private let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        temporaryPath = "\(path).\(UUID())"
        Interruption.begin(removing: temporaryPath)
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    func write(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(path) }
            offset += count
        }
    }

    /// fsync, the final name, then the directory.
    func place() throws {
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw Self.failure(path) }
        let directory = open(
            URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        defer { close(directory) }
        guard directory >= 0, fsync(directory) == 0 else {
            let failure = Self.failure(path)
            unlink(path)
            throw failure
        }
    }

    func discard() { unlink(temporaryPath) }

    func finish() { close(descriptor) }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure(.environment, "error: \(path) can't be written: \(String(cString: strerror(errno)))")
    }
}
