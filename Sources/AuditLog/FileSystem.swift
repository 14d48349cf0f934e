import Foundation

/// A file operation of a log's directory that failed.
public struct TileFileError: Error, Equatable, CustomStringConvertible {
    public var path: String
    /// The system call.
    public var operation: String
    /// The system's error number (errno).
    public var code: Int32

    public init(path: String, operation: String, code: Int32) {
        self.path = path
        self.operation = operation
        self.code = code
    }

    public var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}

/// The few system calls that ``DirectoryTiles`` needs, with their errors named.
enum FileSystem {
    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Nil when there is no such file.
    static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("open", path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("stat", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Foundation.read(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { break }
            offset += count
        }
        bytes.removeLast(bytes.count - offset)
        return bytes
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            offset += count
        }
    }

    /// Waits until a file's bytes, or a directory's entries, are on the disk.
    static func synchronize(_ path: String) throws {
        try withDescriptor(path) { descriptor in
            guard fsync(descriptor) == 0 else { throw failure("fsync", path) }
        }
    }

    static func rename(_ path: String, to target: String) throws {
        guard Foundation.rename(path, target) == 0 else { throw failure("rename", target) }
    }

    /// Makes a directory and those above it; answers the directories that got a new entry.
    static func makeDirectory(_ path: String) throws -> [String] {
        if mkdir(path, 0o755) == 0 { return [parent(of: path)] }
        switch errno {
        case EEXIST: return []
        case ENOENT:
            let above = try makeDirectory(parent(of: path))
            return above + (try makeDirectory(path))
        default: throw failure("mkdir", path)
        }
    }

    /// Removes a directory of plain files; one that is not there is no error.
    static func removeDirectory(_ path: String) throws {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return }
            throw failure("opendir", path)
        }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        closedir(stream)
        for name in names where unlink(path + "/" + name) != 0 && errno != ENOENT {
            throw failure("unlink", path + "/" + name)
        }
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("rmdir", path) }
    }

    private static func withDescriptor(_ path: String, _ body: (Int32) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        try body(descriptor)
    }

    private static func failure(_ operation: String, _ path: String) -> TileFileError {
        TileFileError(path: path, operation: operation, code: errno)
    }
}
