import ActivationClient
import ArgumentParser

struct DeviceKeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke one of this device's signing keys; the very next call under it is refused.")

    @OptionGroup var device: DeviceOptions

    @Argument(help: "The key's id.")
    var id: String

    func validate() throws {
        guard !id.isEmpty, id.utf8.count <= 128, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
        else { throw ValidationError("a key id is letters and digits") }
    }

    func run() async throws {
        let answer = try await device.client().revokeSigningKey(id)
        guard !device.json else { return print(answer.text) }
        Table.printRecord(try answer.json(), ["key_id", "profile", "algorithm", "created_at", "revoked_at"])
    }
}
