import ActivationClient
import ArgumentParser
import Foundation

struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "This machine as a device: activate it, check its lease, ask as it, its signing keys.",
        subcommands: [
            DeviceActivate.self, DeviceStatusCommand.self, DeviceCall.self, DeviceKeyCommand.self,
        ])
}

/// Where the device's file is, and which server it asks.
struct DeviceOptions: ParsableArguments {
    @Option(help: "The device file. Default: hufu/device.json in $XDG_DATA_HOME (~/.local/share).")
    var file: String?

    @Option(help: "The server, https://host[:port]. Default: HUFU_URL, else where the device was activated.")
    var url: String?

    @Option(help: "PEM certificates to trust instead of the system's. Default: HUFU_CA_FILE.")
    var caFile: String?

    @Flag(help: "Print JSON.")
    var json = false

    func client(product: String = "hufu") throws -> ActivationClient {
        let environment = ProcessInfo.processInfo.environment
        guard let path = file ?? Self.defaultFile(environment) else {
            throw CommandFailure(
                .environment, "error: neither XDG_DATA_HOME nor HOME is set\n  cure: --file FILE")
        }
        return try ActivationClient(
            ActivationClient.Configuration(
                server: try (url ?? environment["HUFU_URL"]).map { try ServerAddress($0) }, file: path,
                product: product, trustedCAFile: caFile ?? environment["HUFU_CA_FILE"]))
    }

    private static func defaultFile(_ environment: [String: String]) -> String? {
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return base + "/hufu/device.json" }
        return environment["HOME"].map { $0 + "/.local/share/hufu/device.json" }
    }
}
