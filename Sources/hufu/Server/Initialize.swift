import ArgumentParser
import HufuServer

struct Initialize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a data directory, or a new one-time operator token for one.",
        discussion: """
            Makes the database, the keys and the log, and shows the log's verifier key: give that to your auditors \
            now, by another way than the server. On a directory that is there already, only a new one-time operator \
            token is made, for the first operator or after a lost password; stop the server first.

            EXAMPLES
              hufu init --data /var/lib/hufu --log-origin log.example.com/hufu
              hufu init --data /var/lib/hufu --master-key-file /etc/hufu/master.key
            """)

    @OptionGroup var settings: ServerSettings

    func run() async throws {
        let configuration = try await settings.configuration()
        let server = try await Server.opened(configuration)
        say("data        \(configuration.dataDirectory)")
        say("verifier    \(server.verifierKey)")
        try await server.showOperatorToken()
        try await server.close()
    }
}
