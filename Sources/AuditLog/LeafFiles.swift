/// A tile of level 0 and its bundle, as they were read.
struct LeafFiles: Sendable {
    var index: Int
    /// Hashes, and entries, that the tree's size implies.
    var width: Int
    var tile: (bytes: [UInt8], path: String)?
    var bundle: (bytes: [UInt8], path: String)?

    /// Reads some of them at once, because each may be a request over a network; they come in their order.
    static func read(
        _ range: Range<Int>, of head: TreeHead, _ reader: any TileReader, withEntries: Bool
    ) async throws -> [LeafFiles] {
        try await withThrowingTaskGroup(of: LeafFiles.self) { group in
            for index in range {
                group.addTask {
                    let width = head.width(level: 0, index: index)
                    var files = LeafFiles(index: index, width: width)
                    files.tile = try await reader.readTile(ParsedTile(level: 0, index: index, width: width))
                    if withEntries {
                        files.bundle = try await reader.readTile(
                            ParsedTile(level: nil, index: index, width: width))
                    }
                    return files
                }
            }
            var read: [LeafFiles] = []
            for try await files in group { read.append(files) }
            return read.sorted { $0.index < $1.index }
        }
    }
}
