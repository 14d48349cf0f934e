import Dispatch
package import Foundation

/// A file that only its owner may read or write, replaced as a whole or not at all.
package struct PrivateFile: Sendable {
    /// Whatever belongs in such a file is far smaller.
    static let maximumSize = 1 << 20
    /// System calls that wait for the disk run here, never on the cooperative pool.
    private static let queue = DispatchQueue(label: "hufu.private-file")

    package let path: String

    package init(path: String) { self.path = path }

    /// Nil when there is no such file.
    package func read() async throws -> Data? {
        try await onQueue { try readNow() }
    }

    /// Temporary file, fsync, rename, fsync of the directory: a crash leaves the old content or the new one.
    /// Missing directories are made with mode 0700.
    package func write(_ bytes: Data) async throws {
        try await onQueue { try writeNow(bytes) }
    }

    package func remove() async throws {
        try await onQueue {
            guard unlink(path) == 0 || errno == ENOENT else { throw failure("can't be removed") }
            try synchronizeDirectory()
        }
    }

    var directory: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func onQueue<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    private func readNow() throws -> Data? {
        // A symbolic link could lead to somebody else's file; a named pipe would block the open.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            if errno == ELOOP { throw PrivateFileError(path: path, reason: "is a symbolic link") }
            throw failure("can't be opened")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("can't be examined") }
        try refuseUnlessPrivate(status)
        var bytes = Data(count: Int(status.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("can't be read") }
            offset += count
        }
        return bytes
    }

    private func refuseUnlessPrivate(_ status: stat) throws {
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PrivateFileError(path: path, reason: "is not a regular file")
        }
        guard status.st_uid == geteuid() else {
            throw PrivateFileError(path: path, reason: "belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            let mode = String(status.st_mode & 0o7777, radix: 8)
            throw PrivateFileError(path: path, reason: "has mode 0\(mode); it must be 0600 (chmod 600)")
        }
        guard status.st_size <= Self.maximumSize else {
            throw PrivateFileError(path: path, reason: "is larger than \(Self.maximumSize) bytes")
        }
    }

    private func writeNow(_ bytes: Data) throws {
        try makeDirectory(directory)
        try refuseSharedDirectory()
        var template = Array("\(path).XXXXXX".utf8CString)
        // mkstemp creates with mode 0600 and never opens what is already there.
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("can't be written") }
        var isPlaced = false
        defer {
            close(descriptor)
            if !isPlaced { unlink(template) }
        }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("can't be written") }
            offset += count
        }
        guard fsync(descriptor) == 0, rename(template, path) == 0 else { throw failure("can't be written") }
        isPlaced = true
        try synchronizeDirectory()
    }

    /// Makes the directory, with mode 0700, where it is missing.
    func prepareDirectory() async throws {
        try await onQueue { try makeDirectory(directory) }
    }

    private func makeDirectory(_ directory: String) throws {
        guard access(directory, F_OK) != 0 else { return }
        if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
            try makeDirectory(String(directory[..<slash]))
        }
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw failure("its directory can't be made")
        }
    }

    /// Whoever may write to the directory may put another file in this one's place.
    private func refuseSharedDirectory() throws {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw failure("its directory can't be examined") }
        guard status.st_uid == geteuid(), status.st_mode & 0o022 == 0 else {
            throw PrivateFileError(
                path: path, reason: "lies in a directory that others may write to (chmod 700)")
        }
    }

    private func synchronizeDirectory() throws {
        let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("its directory can't be synchronized") }
    }

    private func failure(_ what: String) -> PrivateFileError {
        PrivateFileError(path: path, reason: "\(what): \(String(cString: strerror(errno)))")
    }
}

/// A file that can't be used; the reason reads on after the path.
public struct PrivateFileError: Error, Equatable, CustomStringConvertible {
    public var path: String
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path) \(reason)" }
}
