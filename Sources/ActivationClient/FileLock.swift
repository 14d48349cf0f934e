import Foundation

/// Keeps other processes away from a file while it is read, changed and written back.
///
/// An advisory lock (flock) on `<path>.lock`, because the file itself is replaced; the system drops it with
/// the process.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits for at most `patience`, without holding a thread.
    static func acquire(beside file: PrivateFile, patience: Duration = .seconds(60)) async throws -> FileLock
    {
        try await file.prepareDirectory()
        let path = file.path + ".lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw PrivateFileError(path: path, reason: "can't be opened: \(String(cString: strerror(errno)))")
        }
        let lock = FileLock(descriptor: descriptor)
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else {
                throw PrivateFileError(path: file.path, reason: "is in use by another process")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return lock
    }
}
