/// What a log signs: its name and the state of its tree (C2SP tlog-checkpoint). The text of a signed note.
public struct Checkpoint: Sendable, Equatable {
    /// The log's name, a URL without scheme; one line, not empty.
    public var origin: String
    public var head: TreeHead
    /// Further lines, not recommended: a monitor can't audit them.
    public var extensions: [String]

    public init(origin: String, head: TreeHead, extensions: [String] = []) {
        self.origin = origin
        self.head = head
        self.extensions = extensions
    }

    /// Throws ``CheckpointError`` unless ``text`` would give exactly this text again.
    public init(text: String) throws(CheckpointError) {
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
        guard lines.count >= 4, lines.last?.isEmpty == true, !lines.dropLast().contains("") else {
            throw CheckpointError(reason: "a checkpoint is at least three lines, none of them empty")
        }
        guard let size = Int(lines[1]), size >= 0, String(size).utf8.elementsEqual(lines[1].utf8) else {
            throw CheckpointError(reason: "the second line is the size in decimal digits")
        }
        guard let root = Hash(base64: lines[2]) else {
            throw CheckpointError(reason: "the third line is the root in base64")
        }
        origin = String(lines[0])
        head = TreeHead(size: size, root: root)
        extensions = lines[3...].dropLast().map { String($0) }
    }

    /// Origin, size and root, a line each, then the extensions; it ends in a line feed.
    public var text: String {
        var text = "\(origin)\n\(head.size)\n\(head.root.base64)\n"
        for line in extensions { text += line + "\n" }
        return text
    }
}

/// Why a text is not a checkpoint.
public struct CheckpointError: Error, Equatable, CustomStringConvertible {
    public var reason: String

    public init(reason: String) {
        self.reason = reason
    }

    public var description: String { reason }
}
