import ArgumentParser
import Foundation

/// The one program. Each subcommand is a file.
@main
struct Hufu: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hufu",
        abstract: "Open authority for activation codes, with a log that outsiders can verify.",
        discussion: """
            A code is applied for, approved, issued, activated, bound to a device, validated, renewed and revoked; \
            every step stands in a public, tamper-evident log.

            Secrets (passwords, codes, tokens) are never arguments: they are asked for without echo, or read from \
            standard input or from a file.

            ENVIRONMENT
              HUFU_URL         the server, such as https://hufu.example:8443
              HUFU_CA_FILE     PEM certificates to trust instead of the system's
              XDG_CONFIG_HOME  the session lies in $XDG_CONFIG_HOME/hufu/session.json (default ~/.config)

            COMPLETIONS
              hufu --generate-completion-script bash|zsh|fish

            EXIT CODES
              0   done; what was asked holds
              1   refused by the server, or a verification that does not hold
              2   this side can't do it: a file, a secret, no session, an answer that is not the API's
              3   the server can't be reached, or fails (5xx)
              64  wrong usage: an unknown option, a missing or malformed argument
              130 interrupted
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Run",
                subcommands: [Serve.self, Initialize.self, Demo.self, SandboxCommand.self, Bench.self]),
            CommandGroup(
                name: "Issue",
                subcommands: [
                    OperatorCommand.self, InstitutionCommand.self, PolicyCommand.self,
                    ApplicationCommand.self,
                    CodeCommand.self,
                ]),
            CommandGroup(name: "Prove", subcommands: [AuditCommand.self]),
            CommandGroup(name: "Use", subcommands: [DeviceCommand.self, CallCommand.self]),
            CommandGroup(name: "Platform", subcommands: [PlatformCommand.self, Reconcile.self]),
            CommandGroup(name: "Signatures", subcommands: [Sign.self, Verify.self, DoctorCommand.self]),
            CommandGroup(
                name: "National algorithms", subcommands: [SM2Command.self, SM3Command.self, SM4Command.self]),
        ])

    /// Parses and runs; unlike the library's own main, it maps every failure to the exit codes above.
    static func main() async {
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandFailure(error) else { exit(withError: error) }
            standardError(failure.message)
            Foundation.exit(failure.status.rawValue)
        }
    }
}
