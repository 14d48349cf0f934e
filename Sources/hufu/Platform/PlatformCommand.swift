import ArgumentParser

struct PlatformCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platform",
        abstract: "The national platform, as the server reaches it.",
        subcommands: [PlatformLoginCommand.self, PlatformStatusCommand.self])

    static let columns: [Column] = [
        "site", "state", "legacy", "scopes", "expires_at", "renewal_at", "saved", "renewals", "failures",
        "last_failure.code", "last_failure.detail",
    ]
}
