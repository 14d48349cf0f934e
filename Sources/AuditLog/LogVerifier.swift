/// An outsider's check of a whole log: nothing but the public key and the files.
///
/// The signed root stands for every entry. The verifier hashes all entries again, compares them with the
/// tiles, and follows the tiles up to the root; where two disagree, the hash one level up, or the signed root
/// itself, tells which one was altered.
public struct LogVerifier: Sendable {
    /// A log that was rewritten whole differs in every entry; this many findings tell the story.
    public static let maximumFindings = 1000

    private let key: NoteVerifierKey
    private let reader: any TileReader

    public init(key: NoteVerifierKey, reader: some TileReader) {
        self.key = key
        self.reader = reader
    }

    /// Recomputes everything. What does not hold is in the report; only a reader's failure is thrown.
    ///
    /// - Parameters:
    ///   - old: A checkpoint of this log kept from before: the log must continue it.
    ///   - withEntries: Whether bundles are read too. Without them only the tiles are followed, which needs no
    ///     right to read entries.
    ///   - progress: Called after each bundle with the entries done and their number.
    public func verify(
        since old: SignedNote? = nil, withEntries: Bool = true,
        progress: (@Sendable (Int, Int) -> Void)? = nil
    ) async throws -> Report {
        var report = Report()
        guard let bytes = try await reader.read("checkpoint") else {
            report.add(.missing, "checkpoint: there is none")
            return report
        }
        let checkpoint: Checkpoint
        do {
            checkpoint = try verified(SignedNote(parsing: bytes))
        } catch {
            report.add(.altered, "checkpoint: \(error)")
            return report
        }
        report.checkpoint = checkpoint
        let older = old.flatMap { olderHead($0, than: checkpoint, &report) }
        var recomputation = LogRecomputation(
            head: checkpoint.head, older: older, reader: reader, withEntries: withEntries, report: report)
        try await recomputation.run(progress: progress)
        return recomputation.finishedReport()
    }

    private func verified(_ note: SignedNote) throws -> Checkpoint {
        try note.verified(by: [key])
        let checkpoint = try Checkpoint(text: note.text)
        guard checkpoint.origin.utf8.elementsEqual(key.name.utf8) else {
            throw CheckpointError(reason: "its origin is not the key's name, \(key.name)")
        }
        return checkpoint
    }

    /// The head that the log must continue; nil, with a finding where due, if there is nothing to compare.
    private func olderHead(_ note: SignedNote, than current: Checkpoint, _ report: inout Report) -> TreeHead?
    {
        let older: TreeHead
        do {
            older = try verified(note).head
        } catch {
            report.add(.altered, "the older checkpoint: \(error)")
            return nil
        }
        guard older.size <= current.head.size else {
            report.add(
                .missing, at: current.head.size,
                "entries \(current.head.size) to \(older.size - 1) are missing: "
                    + "the older checkpoint has \(older.size) entries, the log now \(current.head.size)")
            return nil
        }
        return older
    }
}
