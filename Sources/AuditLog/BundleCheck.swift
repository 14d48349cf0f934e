/// Checks the entries of one bundle: are they all there, and is each an audit entry in canonical form?
struct BundleCheck {
    let files: LeafFiles
    /// The tile's hashes, nil if there are none to compare with.
    let stored: [Hash]?
    private(set) var entriesChecked = 0

    init(files: LeafFiles, stored: [Hash]?) {
        self.files = files
        self.stored = stored
    }

    private var first: Int { files.index * TilePath.fullWidth }
    private var path: String { TilePath.bundle(index: files.index, width: files.width) }

    /// The leaf hashes; nil when the bundle does not hold as many entries as it should, which is reported.
    mutating func run(_ report: inout LogVerifier.Report) -> [Hash]? {
        guard let file = files.bundle else {
            let last = first + files.width - 1
            report.add(.missing, at: first, "entries \(first) to \(last) are missing: there is no \(path)")
            return nil
        }
        let (entries, error) = EntryBundle.decodePrefix(file.bytes)
        let wanted = file.path == path ? files.width : TilePath.fullWidth
        let hashes = entries.prefix(files.width).map { MerkleTree.leafHash($0) }
        entriesChecked = hashes.count
        for (offset, entry) in entries.prefix(files.width).enumerated() {
            guard stored == nil || stored?[offset] == hashes[offset] else { continue }
            for violation in BundleCheck.violations(entry) {
                report.add(
                    .altered, at: first + offset,
                    "entry \(first + offset) in \(file.path) is in the tree, but is no audit entry: \(violation)"
                )
            }
        }
        if error == nil, entries.count == wanted { return hashes }
        reportBroken(file.path, hashes, found: entries.count, wanted: wanted, error, &report)
        // An excess behind the entries that are due leaves those as they are.
        return hashes.count == files.width ? hashes : nil
    }

    /// Names the first entry that went wrong: one that differs from the tree, or else the first that is not
    /// whole.
    private func reportBroken(
        _ path: String, _ hashes: [Hash], found: Int, wanted: Int, _ error: EntryBundleError?,
        _ report: inout LogVerifier.Report
    ) {
        if hashes.count == files.width {
            report.add(.altered, "\(path): something follows the \(wanted) entries that belong there")
        } else if let stored, let wrong = hashes.indices.first(where: { hashes[$0] != stored[$0] }) {
            report.add(
                .altered, at: first + wrong,
                "entry \(first + wrong) in \(path) was altered, and the bundle is broken from there on")
        } else {
            let reason = error.map { "\($0)" } ?? "it holds \(found) entries"
            report.add(
                .missing, at: first + hashes.count,
                "entry \(first + hashes.count) is missing in \(path), where \(wanted) entries are due: \(reason)"
            )
        }
    }

    /// What keeps an entry of the tree from being an audit entry: nothing, if all is well.
    private static func violations(_ entry: [UInt8]) -> [String] {
        do {
            let json = try JSON(parsing: entry)
            guard json.canonical() == entry else { return ["it is not in canonical form (RFC 8785)"] }
            return AuditEntry.violations(of: json)
        } catch {
            return ["\(error)"]
        }
    }
}
