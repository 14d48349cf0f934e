import ArgumentParser

struct DeviceKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "The keys this device signs calls with.",
        discussion: """
            Private keys are made here and never leave; shared secrets come from the server once. Both lie in the \
            device file, sealed like the rest of it.

            EXAMPLES
              hufu device key add --profile v3.3.0
              hufu device key add --profile rfc9421 --algorithm ed25519 --valid-for P90D
              hufu device key list
              hufu device key revoke 7K2M9QXWZ4T8B3CN
            """,
        subcommands: [DeviceKeyAdd.self, DeviceKeyList.self, DeviceKeyRevoke.self])
}
