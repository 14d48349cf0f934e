import ActivationClient
import ActivationCodes
import ArgumentParser
import AuditLog
import Foundation

struct DeviceStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What this device may do now, checked offline.",
        discussion: """
            Needs no server: the lease is verified with the authority's key as it was at activation. Exit code 1 \
            where the lease does not count (expired, stale, clock turned back).

            EXAMPLES
              hufu device status
              hufu device status --renew
            """)

    @OptionGroup var device: DeviceOptions

    @Flag(help: "Get a fresh lease from the server first.")
    var renew = false

    func run() async throws {
        let client = try device.client()
        if renew { try await client.renewLease() }
        let status = try await client.status()
        try Self.show(status, json: device.json)
        if let refusal = status.refusal { throw refusal }
    }

    static func show(_ status: DeviceStatus, json: Bool) throws {
        let lease = status.lease
        let fields: [(String, JSON)] = [
            ("current", .bool(status.isCurrent)),
            ("refusal", status.refusal.map { .string("\($0)") } ?? .null),
            ("server", .string(status.server)),
            ("binding_id", .string(status.bindingID.uuidString.lowercased())),
            ("code_id", .string(status.codeID.uuidString.lowercased())),
            ("code_index", .integer(Int64(lease.codeIndex))),
            ("key_thumbprint", .string(Base64URL.encode(status.keyThumbprint))),
            ("scopes", .array(lease.scopes.map { .string($0) })),
            ("issuer", .string(lease.issuer)),
            ("issued_at", .string(lease.issuedAt.rfc3339)),
            ("expires_at", .string(lease.expiresAt.rfc3339)),
            ("maximum_staleness", .integer(Int64(lease.maximumStaleness))),
            ("last_seen", .string(status.lastSeen.rfc3339)),
            ("changed_components", .array(status.changedComponents.map { .string($0) })),
        ]
        let object = JSON.object(Dictionary(uniqueKeysWithValues: fields))
        guard !json else { return print(object.canonicalText) }
        var table = Table()
        for (name, _) in fields {
            let column = Column(stringLiteral: name)
            let text = column.text(in: object)
            if !text.isEmpty { table.add([column.title, text]) }
        }
        print(table.text)
    }
}
