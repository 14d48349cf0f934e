import ActivationCodes
import ArgumentParser
import AuditLog
import Foundation

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read the log, and prove it.",
        discussion: """
            verify and proof need nothing but the log's public key; show, tail and search read entries through the \
            server and need the role auditor or admin.
            """,
        subcommands: [
            AuditVerify.self, AuditShow.self, AuditTail.self, AuditSearch.self, AuditProof.self,
        ])

    static let columns: [Column] = [
        "index", Column("time", "entry.time"), Column("event", "entry.event"),
        Column("outcome", "entry.outcome"),
        Column("reason", "entry.reason"), Column("actor", "entry.actor.type"), Column("", "entry.actor.id"),
        Column("subject", "entry.subject.type"), Column("", "entry.subject.id"),
    ]

    /// A verifier key as it is written, or from a file that holds one.
    static func key(_ text: String) throws -> NoteVerifierKey {
        if let key = try? NoteVerifierKey(text) { return key }
        guard let data = FileManager.default.contents(atPath: text) else {
            throw CommandFailure(
                .environment,
                "error: --key \(text) is neither a verifier key (name+id+key) nor a readable file")
        }
        let line = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        do {
            return try NoteVerifierKey(line)
        } catch {
            throw CommandFailure(.environment, "error: \(text) holds no verifier key: \(error)")
        }
    }

    /// A moment: RFC 3339, or so long ago (30m, 24h, 7d).
    static func moment(_ text: String, option: String, now: Date) throws -> String {
        if RFC3339.unixMilliseconds(text) != nil { return text }
        guard let period = ValidityPeriod(text) else {
            throw ValidationError("\(option) \(text): the form is RFC 3339, or a period such as 24h")
        }
        let ago = now.addingTimeInterval(-period.date(after: now).timeIntervalSince(now))
        return RFC3339.string(unixMilliseconds: Int64(ago.timeIntervalSince1970 * 1000))
    }
}
