import ActivationClient
import ArgumentParser
import AuditLog

struct DeviceKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List this device's signing keys, as the server knows them.",
        discussion: """
            HERE says whether the device file holds the key: one that is missing can't sign and is best revoked.
            """)

    @OptionGroup var device: DeviceOptions

    func run() async throws {
        let client = try device.client()
        let answer = try await client.registeredSigningKeys()
        guard !device.json else { return print(answer.text) }
        guard let items = try answer.json()["items"]?.array else {
            throw UnexpectedAnswer("the answer lacks “items”")
        }
        let held = Set(try await client.signingKeys().map(\.id))
        let columns: [Column] = [
            "key_id", "profile", "kind", "algorithm", "created_at", "expires_at", "revoked_at",
        ]
        var table = Table(head: columns.map { $0.title.uppercased() } + ["HERE"])
        for item in items {
            let isHeld = item["key_id"]?.string.map { held.contains($0) } ?? false
            table.add(columns.map { $0.text(in: item) } + [isHeld ? "yes" : "no"])
        }
        print(table.text)
    }
}
