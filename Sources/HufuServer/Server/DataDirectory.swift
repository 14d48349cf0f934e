import ActivationCodes
import Foundation
import Glibc

/// The directory that holds everything: `hufu.db`, `keys.sealed`, `master.key`, `log/` and a lock.
package struct DataDirectory: Sendable {
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    package let path: String

    /// Makes the directory, for its owner alone, when it is not there.
    package init(_ path: String) throws {
        self.path = path
        // What is made here, the database and its journal too, is for its owner alone.
        umask(0o077)
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Unusable(
                description: "\(path) can't be made: give another --data or mend its parent's permissions")
        }
    }

    package var database: String { path + "/hufu.db" }
    var sealedKeys: String { path + "/keys.sealed" }
    package var masterKey: String { path + "/master.key" }

    /// Two servers on one directory would be two sequencers.
    package func lock() throws -> DirectoryLock {
        let descriptor = open(path + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Unusable(description: "\(path) is not writable") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Unusable(description: "another hufu serves \(path): stop it first")
        }
        return DirectoryLock(descriptor: descriptor)
    }
}

/// Held until it is let go; the kernel lets it go when the process ends.
package final class DirectoryLock: Sendable {
    private let descriptor: Int32

    fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }
}
