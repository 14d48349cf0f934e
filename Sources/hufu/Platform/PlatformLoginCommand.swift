import ActivationClient
import ArgumentParser
import AuditLog
import Foundation
import InsurancePlatform

struct PlatformLoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Log the institution in at the platform, once (admin).",
        discussion: """
            Prints the address to open in a browser and waits at the configured redirect URI on this machine \
            (http://127.0.0.1:PORT/…) for the browser to come back. No browser is opened. The server trades \
            the code for tokens and lives on refresh tokens from then on.

            Where the redirect URI is https, or the browser runs on another machine, it can't come back: \
            give --paste and enter the whole address that it shows in the end, even if that page doesn't \
            load. For another machine's browser, forwarding the port does as well (ssh -L).

            EXAMPLES
              hufu platform login
              hufu platform login --paste
            """)

    @OptionGroup var server: ServerOptions

    @Flag(help: "Read the address that the browser was sent to from standard input.")
    var paste = false

    @Option(help: "Seconds to wait for the browser, 1 to 600.")
    var wait = 300

    func validate() throws {
        guard (1...600).contains(wait) else { throw ValidationError("--wait takes 1 to 600 seconds") }
    }

    func run() async throws {
        let connection = try await server.signedIn()
        let begun = try await connection.send(.post, "/v1/platform/login").json()
        let url = try begun.text("url")
        let arrival: LoginArrival
        do {
            arrival = try await self.arrival(try RedirectURI(begun["redirect_uri"]?.string ?? ""), url)
        } catch let error as TokenFailure {
            throw Self.failure(error)
        }
        var body: JSON = [
            "code": .string(arrival.code.exposed), "state": .string(arrival.state),
        ]
        body["iss"] = arrival.issuer.map { .string($0) }
        // The person may have taken longer than the operator's token lives.
        let answer = try await server.signedIn().send(.post, "/v1/platform/login/callback", body: body)
        try server.show(answer, PlatformCommand.columns)
    }

    private func arrival(_ redirect: RedirectURI, _ url: String) async throws -> LoginArrival {
        let state = Self.state(of: url)
        if paste {
            standardError("open in a browser:\n\(url)\nand enter the whole address that it shows in the end:")
            let line = readLine(strippingNewline: true) ?? ""
            return try LoginArrival(at: line.trimmingCharacters(in: .whitespaces), redirect, state: state)
        }
        guard redirect.isLoopback else {
            throw CommandFailure(
                .environment,
                "error: the redirect URI \(redirect) is not on this machine: no browser comes back here\n"
                    + "  cure: hufu platform login --paste")
        }
        return try await LoopbackRedirect(redirect, state: state).wait(patience: .seconds(wait)) {
            standardError("open in a browser on this machine, within \(wait) s:\n\(url)")
        }
    }

    private static func state(of url: String) -> String {
        URLComponents(string: url)?.queryItems?.first { $0.name == "state" }?.value ?? ""
    }

    private static func failure(_ failure: TokenFailure) -> CommandFailure {
        let text = "\(failure.code.rawValue): \(failure.detail)".withoutControls
        return switch failure.code {
        case .refused: CommandFailure(.refused, "refused: \(text)")
        case .timeout: CommandFailure(.unreachable, "error: \(text)")
        default: CommandFailure(.environment, "error: \(text)")
        }
    }
}
