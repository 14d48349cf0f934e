import Foundation
import Testing

@Suite("Usage")
struct UsageTests {
    @Test(
        "wrong usage ends with 64 and says how it is meant",
        arguments: [
            "--nonsense", "code", "code issue", "code issue --application a --batch", "code list --limit 0",
            "code revoke a --reason boredom", "device call --use 0", "audit verify", "audit show first",
            "audit search --since yesterday", "application submit --institution a", "serve --port",
            "audit verify --key k --url http://127.0.0.1:1 --directory d",
            // Secrets are no arguments: every user of the machine could read them.
            "device activate 0000-0000-0000-0000-0000-0000-0000", "device activate --code 0000",
            "operator login alice secret", "operator login alice --password secret",
            "operator first alice --token t",
            "operator create ben --role admin --password secret",
            "sign --profile v3.2.0 --key-id k --secret s file", "sign --profile v3.2.0 file", "sign file",
            "sign --profile tif --print-canonical", "verify --profile gm file",
            "call GET v3 --profile gm", "call TRACE /v3 --profile gm", "call GET /v3",
            "device key add", "device key add --profile gm --algorithm ed25519", "device key revoke a-b",
            "doctor signature", "doctor signature --curl a --har b", "doctor signature --listen 70000",
            "doctor tls", "doctor tls a:0", "doctor tls a:b", "doctor tls a --cert c",
            "doctor tls a --cert c --key k --pkcs12 p", "doctor tls a --timeout 0", "doctor tls a --lang fr",
            // Nothing switches verification off.
            "doctor tls a --insecure", "platform login --wait 0", "platform login --wait 601",
            "platform login --code c", "platform login --password secret", "platform status --site s",
            "reconcile", "reconcile --date yesterday", "reconcile --date 2026-1-2", "sandbox --port 80s",
            "sandbox --seed -1", "sandbox --password secret", "sandbox data",
        ])
    func wrongUsage(line: String) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Command.hufu(
                line.split(separator: " ").map(String.init), in: folder,
                environment: ["HUFU_URL": "http://127.0.0.1:1"])
            // A group of commands without one of them shows its help.
            #expect(outcome.status == (line == "code" ? 0 : 64), "\(outcome.output)\(outcome.errors)")
            #expect((outcome.output + outcome.errors).contains("USAGE:") || outcome.errors.contains("Usage:"))
        }
    }

    @Test("a server that can't be reached ends with 3, a missing one with 2")
    func unreachable() async throws {
        try await withTemporaryFolder { folder in
            let closed = try await Command.hufu(
                ["audit", "proof", "0", "--url", "http://127.0.0.1:1"], in: folder)
            #expect(closed.status == 3 && closed.errors.hasPrefix("error: "), "\(closed.errors)")
            let missing = try await Command.hufu(["audit", "proof", "0"], in: folder)
            #expect(missing.status == 2 && missing.errors.contains("--url"), "\(missing.errors)")
            let clear = try await Command.hufu(
                ["audit", "proof", "0", "--url", "http://hufu.example:8080"], in: folder)
            #expect(clear.status == 2, "secrets don't travel in the clear: \(clear.errors)")
        }
    }

    @Test(
        "every command explains itself",
        arguments: [
            "", "serve", "code issue", "device call", "audit verify", "device key add", "call", "sign",
            "verify", "doctor signature", "doctor tls", "sandbox", "platform login", "platform status",
            "reconcile",
        ])
    func help(command: String) async throws {
        try await withTemporaryFolder { folder in
            let arguments = command.split(separator: " ").map(String.init) + ["--help"]
            let outcome = try await Command.hufu(arguments, in: folder)
            #expect(outcome.status == 0 && outcome.output.contains("USAGE: hufu"))
            if command.isEmpty { #expect(outcome.output.contains("EXIT CODES")) }
        }
    }

    @Test("a benchmark prints an object a line, each with a figure, its yardstick and their ratio")
    func benchmark() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Command.hufu(["bench", "codes", "--json"], in: folder, seconds: 600)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 2)
            for line in lines {
                let figure = try #require(
                    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                #expect(
                    Set(figure.keys) == ["name", "value", "unit", "yardstick", "yardstick_value", "ratio"])
                #expect((figure["name"] as? String)?.hasPrefix("codes.") == true)
                #expect((figure["unit"] as? String)?.isEmpty == false)
                #expect((figure["yardstick"] as? String)?.isEmpty == false)
                let value = try #require(figure["value"] as? Double)
                let yardstick = try #require(figure["yardstick_value"] as? Double)
                let ratio = try #require(figure["ratio"] as? Double)
                #expect(value > 0 && yardstick > 0 && abs(ratio * yardstick - value) <= value * 1e-9)
            }
        }
    }

    @Test("shells complete commands", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Command.hufu(["--generate-completion-script", shell], in: folder)
            #expect(outcome.status == 0 && outcome.output.contains("hufu"))
            for word in [
                "operator", "institution", "audit", "revoke", "doctor", "v3.2.0", "sandbox", "reconcile",
            ] {
                #expect(outcome.output.contains(word))
            }
            guard shell == "bash" else { return }
            let checked = try await Command(
                executable: "/usr/bin/env", arguments: ["bash", "-n"], folder: folder, input: outcome.output
            ).run()
            #expect(checked.status == 0, "\(checked.errors)")
        }
    }
}
