/// The last, unfinished tiles of all levels. No tile above holds their hash: only the signed root judges
/// them.
struct LogEdges {
    struct Edge {
        var level: Int
        var index: Int
        /// From the level below, or from the entries.
        var computed: [Hash]?
        /// As the tile has it.
        var stored: [Hash]?
        var takesComputed = true

        var hashes: [Hash]? { takesComputed ? computed ?? stored : stored ?? computed }

        fileprivate var differs: Bool {
            guard let computed, let stored else { return false }
            return computed != stored
        }
    }

    private var edges: [Edge] = []

    mutating func add(_ edge: Edge) {
        edges.append(edge)
    }

    /// Finds which of the differing versions lead to the signed root. When none do, the tiles are taken, so
    /// that the entries are named. The root is nil when a tile is missing with its entries.
    func decide(_ head: TreeHead) -> (edges: [Edge], root: Hash?) {
        let differing = edges.indices.filter { edges[$0].differs }
        var candidate = edges
        // Few levels, so few combinations: eight levels hold more entries than any log will.
        for combination in 0..<(1 << min(differing.count, 8)) {
            for (bit, position) in differing.enumerated() {
                candidate[position].takesComputed = combination >> bit & 1 == 0
            }
            let root = LogEdges.root(candidate)
            if root == head.root || root == nil { return (candidate, root) }
        }
        return (candidate, LogEdges.root(candidate))
    }

    private static func root(_ edges: [Edge]) -> Hash? {
        var range = CompactRange()
        for edge in edges.sorted(by: { $0.level > $1.level }) {
            guard let hashes = edge.hashes else { return nil }
            for hash in hashes { range.append(hash, level: 8 * edge.level) }
        }
        return range.root
    }
}
