import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the whole log from its files, with nothing but its public key.",
        discussion: """
            Every entry is hashed again, every tile recomputed, up to the signed root. Get the key from somebody \
            you trust, not from the server that you check.

            Over HTTP the entries themselves are read with an auditor's session, or from a public log by anybody; \
            without that right only the tree of hashes is verified, and the result says so.

            Keep the checkpoint of a verification (curl -o checkpoint.old URL/log/checkpoint): --since proves later \
            that the log still holds everything it held then.

            EXIT CODES
              0   the log holds
              1   it does not
              2   it could not be checked
              64  wrong usage

            EXAMPLES
              hufu audit verify --directory data/log --key data/log/verifier.key
              hufu audit verify --url https://hufu.example:8443 --key hufu.vkey --since checkpoint.old
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "The log's directory, instead of a server.")
    var directory: String?

    @Option(help: "The log's verifier key (C2SP vkey), or a file that holds it.")
    var key: String

    @Option(help: "A file with an older checkpoint that the log must continue.")
    var since: String?

    @Flag(help: "Verify only the tree of hashes.")
    var hashesOnly = false

    func validate() throws {
        guard directory == nil || server.url == nil else {
            throw ValidationError("give --url or --directory, not both")
        }
    }

    func run() async throws {
        let report: LogVerifier.Report
        let withEntries: Bool
        do {
            (report, withEntries) = try await verify()
        } catch {
            let message = CommandFailure(error)?.message ?? "error: \(error)"
            throw CommandFailure(.environment, message + "\nthe log could not be checked")
        }
        print(server.json ? json(report, withEntries).canonicalText : text(report, withEntries))
        if !report.holds { throw CommandFailure(.refused, "the log does not hold") }
    }

    private func verify() async throws -> (LogVerifier.Report, withEntries: Bool) {
        let key = try AuditCommand.key(key)
        let old = try since.map(readNote)
        let progress = ProgressBar("entries")
        defer { progress.finish() }
        if let directory {
            // A wrong path is no statement about the log.
            guard access(directory, R_OK | X_OK) == 0 else {
                throw CommandFailure(.environment, "error: \(directory): \(String(cString: strerror(errno)))")
            }
            let verifier = LogVerifier(key: key, reader: DirectoryTiles(directory: directory))
            return (try await run(verifier, old, withEntries: !hashesOnly, progress), !hashesOnly)
        }
        let connection: APIConnection
        if let signedIn = try await server.signedInIfPossible() {
            connection = signedIn
        } else {
            connection = try await server.anonymous()
        }
        let verifier = LogVerifier(key: key, reader: HTTPTiles(connection))
        guard !hashesOnly else { return (try await run(verifier, old, withEntries: false, progress), false) }
        do {
            return (try await run(verifier, old, withEntries: true, progress), true)
        } catch let problem as APIProblem where problem.status == 401 || problem.status == 403 {
            return (try await run(verifier, old, withEntries: false, progress), false)
        }
    }

    private func run(
        _ verifier: LogVerifier, _ old: SignedNote?, withEntries: Bool, _ progress: ProgressBar
    ) async throws -> LogVerifier.Report {
        try await verifier.verify(
            since: old, withEntries: withEntries, progress: { progress.update($0, of: $1) })
    }

    private func readNote(_ path: String) throws -> SignedNote {
        try SignedNote(parsing: Array(try InputFile.contents(path)))
    }

    private func text(_ report: LogVerifier.Report, _ withEntries: Bool) -> String {
        var lines: [String] = []
        if let checkpoint = report.checkpoint {
            var table = Table()
            table.add(["log", checkpoint.origin])
            table.add(["size", String(checkpoint.head.size)])
            table.add(["root", Data(checkpoint.head.root.bytes).base64EncodedString()])
            table.add(["entries read", String(report.entriesChecked)])
            if since != nil, report.holds { table.add(["continues", "the older checkpoint"]) }
            lines.append(table.text)
        }
        lines += report.findings.map { $0.description.withoutControls }
        if report.omittedFindings > 0 { lines.append("… and \(report.omittedFindings) more findings") }
        if !withEntries {
            lines.append("only the tree of hashes was verified: reading entries needs an auditor's session")
        }
        if report.holds { lines.append("the log holds") }
        return lines.joined(separator: "\n")
    }

    private func json(_ report: LogVerifier.Report, _ withEntries: Bool) -> JSON {
        var json: JSON = [
            "holds": .bool(report.holds),
            "with_entries": .bool(withEntries),
            "entries_checked": .integer(Int64(report.entriesChecked)),
            "findings": .array(
                report.findings.map { finding in
                    var json: JSON = [
                        "verdict": .string(finding.verdict.rawValue),
                        "explanation": .string(finding.explanation),
                    ]
                    json["index"] = finding.index.map { .integer(Int64($0)) }
                    return json
                }),
            "omitted_findings": .integer(Int64(report.omittedFindings)),
        ]
        if let checkpoint = report.checkpoint {
            json["origin"] = .string(checkpoint.origin)
            json["size"] = .integer(Int64(checkpoint.head.size))
            json["root"] = .string(Data(checkpoint.head.root.bytes).base64EncodedString())
        }
        return json
    }
}
