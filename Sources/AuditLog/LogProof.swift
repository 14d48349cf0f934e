public import Foundation

/// An offline receipt: an entry's place, its path, and the signed checkpoint (c2sp.org/tlog-proof@v1).
public struct LogProof: Sendable, Equatable {
    static let header = "c2sp.org/tlog-proof@v1"
    /// A tree of 2^63 leaves is 63 nodes high.
    static let maximumPathLength = 63

    public var index: Int
    /// The leaf's sibling first.
    public var path: [Hash]
    /// The signed note, verbatim.
    public var checkpoint: String
    /// Opaque, and covered by no signature. Nil and empty are written alike: not at all.
    public var extra: Data?

    public init(index: Int, path: [Hash], checkpoint: String, extra: Data? = nil) {
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
        self.extra = extra
    }

    /// Throws ``LogProofError/malformed(_:)`` unless ``encoded`` would give exactly this text again.
    public init(parsing text: some StringProtocol) throws {
        let bytes = Array(text.utf8)
        // Neither the header nor the path has empty lines: the first one ends them.
        guard
            let boundary = bytes.indices.dropLast().first(where: {
                bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A
            })
        else { throw LogProofError.malformed("it has no checkpoint") }
        let lines = bytes[..<boundary].split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        var rest = lines[...]
        guard rest.popFirst() == LogProof.header else {
            throw LogProofError.malformed("its first line is not \(LogProof.header)")
        }
        if let line = rest.first, line.hasPrefix("extra ") {
            guard let bytes = Base64.decode(line.dropFirst(6)), !bytes.isEmpty else {
                throw LogProofError.malformed("its extra data is not base64")
            }
            extra = Data(bytes)
            rest.removeFirst()
        }
        guard let line = rest.popFirst(), line.hasPrefix("index "), let index = Int(line.dropFirst(6)),
            index >= 0, "index \(index)" == line
        else { throw LogProofError.malformed("it has no index") }
        self.index = index
        guard rest.count <= LogProof.maximumPathLength else {
            throw LogProofError.malformed("its path is too long")
        }
        path = try rest.map {
            guard let hash = Hash(base64: $0) else { throw LogProofError.malformed("its path holds no hash") }
            return hash
        }
        checkpoint = String(decoding: bytes[(boundary + 2)...], as: UTF8.self)
        _ = try Checkpoint(text: try SignedNote(parsing: checkpoint).text)
        guard encoded.utf8.elementsEqual(bytes) else { throw LogProofError.malformed("it is not canonical") }
    }

    public var encoded: String {
        var text = LogProof.header + "\n"
        if let extra, !extra.isEmpty { text += "extra \(Base64.encode(extra))\n" }
        text += "index \(index)\n"
        for hash in path { text += hash.base64 + "\n" }
        return text + "\n" + checkpoint
    }

    /// The checkpoint, once its signature and the leaf's path to its root are proven.
    ///
    /// Throws ``NoteError``, ``CheckpointError`` or ``LogProofError/notIncluded``. Whether the checkpoint's
    /// origin is the log that was meant is for the caller to compare.
    public func verified(leaf: Hash, by keys: [NoteVerifierKey]) throws -> Checkpoint {
        let note = try SignedNote(parsing: checkpoint)
        try note.verified(by: keys)
        let checkpoint = try Checkpoint(text: note.text)
        guard Proof.verifyInclusion(leaf: leaf, index: index, head: checkpoint.head, path: path) else {
            throw LogProofError.notIncluded
        }
        return checkpoint
    }
}

/// Why a receipt proves nothing.
public enum LogProofError: Error, Equatable, CustomStringConvertible {
    case malformed(_ reason: String)
    /// The path does not lead from the leaf to the checkpoint's root.
    case notIncluded

    public var description: String {
        switch self {
        case .malformed(let reason): "not a log proof: \(reason)"
        case .notIncluded: "the path does not lead from this entry to the signed root"
        }
    }
}
