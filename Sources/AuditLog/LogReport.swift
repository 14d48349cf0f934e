extension LogVerifier {
    /// What is said of an entry.
    public enum Verdict: String, Sendable, CaseIterable {
        case intact
        /// Lawfully destroyed: its personal values are gone from the payload store, under an entry that says
        /// so. The log itself never holds those values, so its own verification does not give this verdict;
        /// readers of payloads do.
        case destroyed
        /// Not there, or a file of it is not.
        case missing
        /// There, and not what was signed.
        case altered
    }

    /// Something that does not hold.
    public struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// The entry, or nil when it is about the log as a whole or about a tile that is not needed for any
        /// entry.
        public var index: Int?
        public var verdict: Verdict
        /// A sentence in English that names the entry, the file and what differs.
        public var explanation: String

        public init(index: Int?, verdict: Verdict, explanation: String) {
            self.index = index
            self.verdict = verdict
            self.explanation = explanation
        }

        public var description: String { "\(verdict.rawValue): \(explanation)" }
    }

    public struct Report: Sendable, Equatable {
        /// The log's checkpoint, nil unless its signature holds.
        public var checkpoint: Checkpoint?
        /// How many entries were read and compared.
        public var entriesChecked: Int
        /// In order of the entries; at most ``maximumFindings``.
        public var findings: [Finding]
        /// How many more there were.
        public var omittedFindings: Int

        public init(
            checkpoint: Checkpoint? = nil, entriesChecked: Int = 0, findings: [Finding] = [],
            omittedFindings: Int = 0
        ) {
            self.checkpoint = checkpoint
            self.entriesChecked = entriesChecked
            self.findings = findings
            self.omittedFindings = omittedFindings
        }

        /// Whether the signature holds and everything recomputes.
        public var holds: Bool { checkpoint != nil && findings.isEmpty }

        mutating func add(_ verdict: Verdict, at index: Int? = nil, _ explanation: String) {
            guard findings.count < LogVerifier.maximumFindings else {
                omittedFindings += 1
                return
            }
            findings.append(Finding(index: index, verdict: verdict, explanation: explanation))
        }
    }
}
