import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct AuditProof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proof",
        abstract: "Get an entry's receipt (c2sp.org/tlog-proof@v1), and check it.",
        discussion: """
            The receipt is public and checks offline, for ever. With --key it is checked here: against the entry \
            in --entry (its canonical JSON, as a bundle holds it), or against the entry as the server shows it to \
            an auditor.

            EXAMPLES
              hufu audit proof 17 > 17.tlog-proof
              hufu audit proof 17 --key verifier.key --out 17.tlog-proof
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "The entry's index in the log, from 0.")
    var index: Int

    @Option(help: "The log's verifier key (C2SP vkey), or a file that holds it.")
    var key: String?

    @Option(help: "A file with the entry's JSON.")
    var entry: String?

    @Option(help: "Write the receipt there instead of printing it.")
    var out: String?

    func run() async throws {
        let path = RequestPath.make("audit", "entries", String(index))
        let text = try await server.anonymous().send(.get, path + "/proof").text
        let proof = try LogProof(parsing: text)
        guard proof.index == index else {
            throw CommandFailure(.refused, "refused: the receipt is for entry \(proof.index), not \(index)")
        }
        if let key { try await check(proof, AuditCommand.key(key), path) }
        if let out {
            try Data(text.utf8).write(to: URL(fileURLWithPath: out))
        } else if server.json {
            print((["index": .integer(Int64(index)), "proof": .string(text)] as JSON).canonicalText)
        } else {
            print(text, terminator: "")
        }
    }

    private func check(_ proof: LogProof, _ key: NoteVerifierKey, _ path: String) async throws {
        let shown: JSON
        if let entry {
            shown = try JSON(parsing: Array(try InputFile.contents(entry)))
        } else {
            shown = try await server.signedIn().send(.get, path).json()["entry"] ?? .null
        }
        let checkpoint: Checkpoint
        do {
            checkpoint = try proof.verified(leaf: MerkleTree.leafHash(shown.canonical()), by: [key])
            guard checkpoint.origin == key.name else {
                throw CheckpointError(reason: "its origin is \(checkpoint.origin), not the key's")
            }
        } catch {
            throw CommandFailure(.refused, "refused: the receipt does not hold: \(error)")
        }
        standardError("entry \(index) stands in \(checkpoint.origin) at size \(checkpoint.head.size)")
    }
}
