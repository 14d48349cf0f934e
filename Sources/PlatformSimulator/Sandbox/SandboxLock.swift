import CoreFoundation
import Foundation
import Synchronization

/// Two sandboxes on one directory would answer with each other's tokens. The kernel lets the lock go when the
/// process ends.
final class SandboxLock: Sendable {
    private let descriptor: Mutex<Int32?>

    init(_ directory: SandboxDirectory) throws {
        let opened = open(directory.file("lock"), O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard opened >= 0 else { throw SandboxError("\(directory.path) is not writable") }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            Foundation.close(opened)
            throw SandboxError("another sandbox runs in \(directory.path): stop it first")
        }
        descriptor = Mutex(opened)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let opened = descriptor { Foundation.close(opened) }
            descriptor = nil
        }
    }
}
