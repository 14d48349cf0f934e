/// Reads a log's files by their path below its prefix, such as `checkpoint` or `tile/0/000.p/12`.
public protocol TileReader: Sendable {
    /// Nil when there is no such file.
    func read(_ path: String) async throws -> [UInt8]?
}

/// Writes a log's files.
///
/// The order of calls for one step of the log: ``write(_:to:)`` for each file, ``removePartials(of:)`` for
/// those that say so, ``synchronize()``; only then may a checkpoint that implies the files be published.
public protocol TileWriter: Sendable {
    /// Readers see the whole file or none of it. It is durable, and certainly visible, after `synchronize()`.
    func write(_ bytes: [UInt8], to path: String) throws

    /// Removes the partial tiles of a full tile's path, at `synchronize()` and after the full tile is
    /// durable.
    func removePartials(of path: String) throws

    /// Returns when everything written so far is durable and visible.
    func synchronize() throws
}

/// A file that a step of the log must write.
public struct TileFile: Sendable, Equatable {
    public var path: String
    public var bytes: [UInt8]
    /// Whether this is a full tile, so that the partial ones of the same path have had their time.
    public var supersedesPartials: Bool

    public init(path: String, bytes: [UInt8], supersedesPartials: Bool) {
        self.path = path
        self.bytes = bytes
        self.supersedesPartials = supersedesPartials
    }
}

extension TileReader {
    /// A tile's bytes, from the full tile when the partial one is gone; nil when both are.
    ///
    /// A log may delete a partial tile once the full one exists, and the full one begins with the same bytes:
    /// it is for the caller to cut off what lies beyond the width.
    func readTile(_ tile: ParsedTile) async throws -> (bytes: [UInt8], path: String)? {
        if let bytes = try await read(tile.path) { return (bytes, tile.path) }
        guard tile.isPartial else { return nil }
        let full = ParsedTile(level: tile.level, index: tile.index, width: TilePath.fullWidth).path
        return try await read(full).map { ($0, full) }
    }

    /// The first hashes of a tile; throws unless there are as many as its width.
    func readHashes(level: Int, index: Int, width: Int) async throws -> [Hash] {
        let tile = ParsedTile(level: level, index: index, width: width)
        guard let (bytes, path) = try await readTile(tile) else { throw TileError.missing(tile.path) }
        let wanted = path == tile.path ? width : TilePath.fullWidth
        guard bytes.count == wanted * Hash.byteCount, let hashes = Hash.list(bytes) else {
            throw TileError.malformed(path, "\(bytes.count) bytes where \(wanted) hashes are due")
        }
        return Array(hashes.prefix(width))
    }

    /// The first entries of a bundle; throws unless there are as many as its width.
    func readEntries(index: Int, width: Int) async throws -> [[UInt8]] {
        let tile = ParsedTile(level: nil, index: index, width: width)
        guard let (bytes, path) = try await readTile(tile) else { throw TileError.missing(tile.path) }
        let entries: [[UInt8]]
        do {
            entries = try EntryBundle.decode(bytes)
        } catch {
            throw TileError.malformed(path, "\(error)")
        }
        let wanted = path == tile.path ? width : TilePath.fullWidth
        guard entries.count == wanted else {
            throw TileError.malformed(path, "\(entries.count) entries where \(wanted) are due")
        }
        return Array(entries.prefix(width))
    }
}

/// Why a log's files are of no use.
public enum TileError: Error, Equatable, CustomStringConvertible {
    /// A file that the tree's size implies is not there.
    case missing(_ path: String)
    /// A file is not what its path says.
    case malformed(_ path: String, _ reason: String)
    /// The files together are not the tree that the head names.
    case inconsistent(_ reason: String)

    public var description: String {
        switch self {
        case .missing(let path): "\(path) is missing"
        case .malformed(let path, let reason): "\(path) is broken: \(reason)"
        case .inconsistent(let reason): reason
        }
    }
}
