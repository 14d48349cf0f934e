import Foundation
import Synchronization

/// A log's files in a directory, laid out as they are served.
///
/// `write` puts the bytes into a temporary file beside the path. `synchronize` then makes a whole step
/// durable at the price of few waits: it syncs each temporary file, renames them in the order they were
/// written, syncs each directory that changed once, and only then removes what the step superseded. A reader,
/// or a restart after a crash at any point, sees each path as a whole file or not at all.
///
/// Copies share what is pending. Calls that write belong to one sequencer; reading is free to all.
public struct DirectoryTiles: TileReader, TileWriter {
    public let directory: String
    private let pending = PendingFiles()

    /// The directory is made when the first file is written.
    public init(directory: String) {
        self.directory = directory
    }

    /// Blocks for one file of at most a few hundred kilobytes. Throws ``TileFileError``.
    public func read(_ path: String) async throws -> [UInt8]? {
        try FileSystem.read(absolute(path))
    }

    public func write(_ bytes: [UInt8], to path: String) throws {
        let target = absolute(path)
        let parent = FileSystem.parent(of: target)
        let touched = try FileSystem.makeDirectory(parent)
        let temporary = parent + "/." + target.dropFirst(parent.utf8.count + 1) + ".tmp"
        try FileSystem.write(bytes, to: temporary)
        pending.state.withLock { state in
            state.directories.formUnion(touched)
            state.directories.insert(parent)
            state.files.removeAll { $0.target == target }
            state.files.append(.init(temporary: temporary, target: target))
        }
    }

    public func removePartials(of path: String) throws {
        let directory = absolute(path) + ".p"
        pending.state.withLock { $0.superseded.append(directory) }
    }

    /// Throws ``TileFileError`` at the first failure; what was pending is given up then, and the step is to
    /// be written again from its start.
    public func synchronize() throws {
        let step = pending.state.withLock { state in
            defer { state = PendingFiles.State() }
            return state
        }
        for file in step.files { try FileSystem.synchronize(file.temporary) }
        for file in step.files { try FileSystem.rename(file.temporary, to: file.target) }
        for directory in step.directories.sorted(by: { $0.utf8.count > $1.utf8.count }) {
            try FileSystem.synchronize(directory)
        }
        for directory in step.superseded { try FileSystem.removeDirectory(directory) }
    }

    private func absolute(_ path: String) -> String {
        precondition(
            !path.split(separator: "/", omittingEmptySubsequences: false).contains {
                $0.isEmpty || $0 == ".."
            },
            "a path below the log's directory")
        return directory + "/" + path
    }
}

/// What is written and not yet synchronized; shared by all copies of a ``DirectoryTiles``.
private final class PendingFiles: Sendable {
    struct File {
        var temporary: String
        var target: String
    }

    struct State {
        var files: [File] = []
        /// Directories whose entries change: parents of the files, and of directories that were made.
        var directories: Set<String> = []
        var superseded: [String] = []
    }

    let state = Mutex(State())
}
