import ActivationClient
import ActivationCodes
import ArgumentParser

struct DeviceActivate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Redeem a code and bind this machine to it.",
        discussion: """
            The code is asked for, or read from --code-file or standard input. Interrupted, the command may be \
            repeated with the same code: it takes the activation up again and spends no second use.

            EXAMPLES
              hufu device activate --url https://hufu.example:8443
              hufu device activate --url https://hufu.example:8443 --code-file code.txt
            """)

    @OptionGroup var device: DeviceOptions

    @Option(help: "File with the code; - is standard input.")
    var codeFile: String?

    @Option(help: "The product; its name salts what identifies this machine.")
    var product = "hufu"

    func run() async throws {
        let client = try device.client(product: product)
        let code = try CodeSecret(parsing: try SecretInput.read("activation code", file: codeFile))
        try DeviceStatusCommand.show(try await client.activate(code: code), json: device.json)
    }
}
