import ActivationClient
import ActivationCodes
import ArgumentParser
import AuditLog
import Foundation

struct DeviceCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Ask the authority, as this device, whether the code holds for some scopes.",
        discussion: """
            The answer and every refusal stand in the log. --use counts uses too, all of them or none.

            EXAMPLES
              hufu device call --scope claim.write
              hufu device call --scope claim.read --use 1 --json
            """)

    @OptionGroup var device: DeviceOptions

    @Option(name: .customLong("scope"), help: "A scope that is needed; may be repeated.")
    var scopes: [String] = []

    @Option(help: "Uses to count, 1 to 1,000,000.")
    var use: Int?

    func validate() throws {
        guard use.map({ 1...1_000_000 ~= $0 }) ?? true else {
            throw ValidationError("--use must be between 1 and 1,000,000")
        }
    }

    func run() async throws {
        let client = try device.client()
        let answer = try await client.validate(scopes: scopes)
        var json: JSON = [
            "valid": true, "code_id": .string(answer.codeID.uuidString.lowercased()),
            "state": .string(answer.state.rawValue), "scopes": .array(answer.scopes.map { .string($0) }),
            "roles": .array(answer.roles.map { .string($0) }),
            "checked_at": .string(answer.checkedAt.rfc3339),
            "log_index": .integer(Int64(answer.logIndex)),
        ]
        json["expires_at"] = answer.expiresAt.map { .string($0.rfc3339) }
        json["uses_left"] = answer.usesLeft.map { .integer(Int64($0)) }
        if let use {
            let usage = try await client.use(use)
            json["used_count"] = .integer(Int64(usage.usedCount))
            json["uses_left"] = usage.usesLeft.map { .integer(Int64($0)) }
            json["state"] = .string(usage.state.rawValue)
        }
        guard !device.json else { return print(json.canonicalText) }
        let columns: [Column] = [
            "valid", "code_id", "state", "scopes", "roles", "expires_at", "used_count", "uses_left",
            "checked_at",
            "log_index",
        ]
        var table = Table()
        for column in columns {
            let text = column.text(in: json)
            if !text.isEmpty { table.add([column.title, text]) }
        }
        print(table.text)
    }
}
