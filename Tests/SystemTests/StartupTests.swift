import Foundation
import Testing

@Suite("A bad start is refused, and says what is wrong")
struct StartupTests {
    struct Wrong: CustomTestStringConvertible, Sendable {
        var flags: [String] = []
        var environment: [String: String] = [:]
        var file: String?
        /// All of them stand in what is said.
        var told: [String]

        var testDescription: String { (flags + environment.keys + [file ?? ""]).joined(separator: " ") }
    }

    @Test(
        "a wrong setting names its key and the allowed form",
        arguments: [
            Wrong(flags: ["--port", "65536"], told: ["port", "65536", "0 to 65535"]),
            Wrong(flags: ["--port", "http"], told: ["port", "http", "0 to 65535"]),
            Wrong(environment: ["HUFU_PORT": "-1"], told: ["port", "-1", "0 to 65535"]),
            Wrong(file: #"{"port": 70000}"#, told: ["port", "70000", "0 to 65535"]),
            Wrong(file: #"{"port": "many"}"#, told: ["port", "many", "0 to 65535"]),
            Wrong(file: #"{"port": null}"#, told: ["port", "0 to 65535"]),
            Wrong(file: #"{"port": 80.5}"#, told: ["port", "0 to 65535"]),
            Wrong(flags: ["--sweep-interval", "0"], told: ["sweep-interval", "seconds, 1 to 86400"]),
            Wrong(environment: ["HUFU_SWEEP_INTERVAL": "5m"], told: ["sweep-interval", "5m", "seconds"]),
            Wrong(file: #"{"heartbeat": true}"#, told: ["heartbeat", "seconds, 1 to 86400"]),
            Wrong(environment: ["HUFU_LOG_LEVEL": "loud"], told: ["log-level", "loud", "trace", "critical"]),
            Wrong(environment: ["HUFU_PUBLIC_LOG": "maybe"], told: ["public-log", "maybe", "true or false"]),
            Wrong(file: #"{"public-log": "perhaps"}"#, told: ["public-log", "perhaps", "true or false"]),
            Wrong(flags: ["--log-origin", "two words"], told: ["log-origin", "without spaces"]),
            Wrong(flags: ["--attempts-per-code", "0"], told: ["attempts-per-code", "a number from 1"]),
            Wrong(
                flags: ["--attempts-per-source", "lots"], told: ["attempts-per-source", "a number from 1"]),
            Wrong(flags: ["--behind-proxy", "10.0.0.0/33"], told: ["behind-proxy", "CIDR"]),
            Wrong(file: #"{"behind-proxy": ["10.0.0.0/8", "x"]}"#, told: ["behind-proxy", "CIDR"]),
            Wrong(flags: ["--tls-key", "key.pem"], told: ["tls-certificate", "tls-key"]),
            Wrong(file: #"{"prot": 80}"#, told: ["prot", "unknown key", "--help-config"]),
            Wrong(file: #"{"port": 80"#, told: ["not a JSON object"]),
            Wrong(file: #"[1]"#, told: ["not a JSON object"]),
            Wrong(flags: ["--config", "nowhere.json"], told: ["nowhere.json"]),
            Wrong(flags: ["--host", "0.0.0.0"], told: ["0.0.0.0", "--tls-certificate", "--behind-proxy"]),
            Wrong(environment: ["HUFU_HOST": "::"], told: ["::", "--tls-certificate", "--behind-proxy"]),
        ])
    func wrongSetting(wrong: Wrong) async throws {
        try await withTemporaryFolder { folder in
            var arguments = ["serve", "--data", "data"] + wrong.flags
            if let file = wrong.file {
                try Data(file.utf8).write(to: folder.appending(path: "hufu.json"))
                arguments += ["--config", "hufu.json"]
            }
            let outcome = try await serve(arguments, in: folder, wrong.environment)
            #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
            for word in wrong.told { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
            #expect(outcome.output.isEmpty, "nothing was begun")
            let data = folder.appending(path: "data").path
            #expect(!FileManager.default.fileExists(atPath: data), "nothing was made")
        }
    }

    @Test("every key is listed with its environment name, form and default")
    func helpConfig() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await Command.hufu(["serve", "--help-config"], in: folder)
            #expect(outcome.status == 0)
            for key in ["host", "port", "tls-certificate", "behind-proxy", "log-origin", "log-level"] {
                let name = "HUFU_" + key.uppercased().replacing("-", with: "_")
                #expect(
                    outcome.output.split(separator: "\n").contains { $0.hasPrefix(key) && $0.contains(name) })
            }
        }
    }

    @Test("flags come before the environment, and that before the file")
    func precedence() async throws {
        try await withTemporaryFolder { folder in
            try Data(#"{"log-origin": "file.example/log"}"#.utf8).write(
                to: folder.appending(path: "hufu.json"))
            let file = ["--config", "hufu.json"]
            let environment = ["HUFU_LOG_ORIGIN": "environment.example/log"]
            let flag = ["--log-origin", "flag.example/log"]
            let ways: [([String], [String: String], String)] = [
                (file + flag, environment, "flag"), (file, environment, "environment"), (file, [:], "file"),
                ([], [:], "hufu.local"),
            ]
            for (number, (arguments, environment, expected)) in ways.enumerated() {
                let outcome = try await Command.hufu(
                    ["init", "--data", "data\(number)"] + arguments, in: folder, environment: environment)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let key = try #require(outcome.output.firstMatch(of: /verifier +(\S+)/)?.1)
                #expect(key.hasPrefix(expected), "\(key)")
            }
            // A log can't be renamed afterwards.
            let renamed = try await serve(["serve", "--data", "data0", "--log-origin", "other"], in: folder)
            #expect(renamed.status == 2 && renamed.errors.contains("flag.example/log"), "\(renamed.errors)")
        }
    }

    @Test("two servers don't share a data directory")
    func twoServers() async throws {
        try await withTemporaryFolder { folder in
            try await ServerProcess.run(in: folder, ["--port", "0"]) { server in
                for command in ["serve", "init"] {
                    let second = try await serve([command, "--data", server.data.path], in: folder)
                    #expect(second.status == 2, "\(second.output)\(second.errors)")
                    #expect(
                        second.errors.contains("another hufu") && second.errors.contains(server.data.path))
                }
                let live = try await curl(["\(server.url)/livez"], in: folder)
                #expect(live.status == 0, "the first one goes on")
            }
        }
    }

    @Test("keys that are open to others, missing or of another house are refused, and work again once mended")
    func keys() async throws {
        try await withTemporaryFolder { folder in
            let start = ["serve", "--data", "data"]
            for name in ["data", "other"] {
                #expect(try await Command.hufu(["init", "--data", name], in: folder).status == 0)
            }
            let (master, sealed) = ("data/master.key", "data/keys.sealed")

            try await refused(start, in: folder, told: [master, "readable by others", "chmod 600"]) {
                try chmod(0o644, folder.appending(path: master))
                return { try chmod(0o600, folder.appending(path: master)) }
            }
            let others = ["--master-key-file", "other/master.key"]
            try await refused(start + others, in: folder, told: ["other/master.key", "does not open"])
            for file in [master, sealed] {
                try await refused(start, in: folder, told: [file, "missing"]) {
                    let (from, aside) = (folder.appending(path: file), folder.appending(path: "aside"))
                    try FileManager.default.moveItem(at: from, to: aside)
                    return { try FileManager.default.moveItem(at: aside, to: from) }
                }
            }
            try await refused(start, in: folder, told: [master, "not a master key"]) {
                let file = folder.appending(path: master)
                let intact = try Data(contentsOf: file)
                try Data("too short\n".utf8).write(to: file)
                return { try intact.write(to: file) }
            }
            let mended = try await Command.hufu(["init", "--data", "data"], in: folder)
            #expect(mended.status == 0, "\(mended.errors)")
        }
    }

    @Test("TLS with a self-signed certificate works off loopback, and only for those who trust it")
    func tls() async throws {
        try await withTemporaryFolder { folder in
            let made = try await Command(
                executable: "/usr/bin/env",
                arguments: [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-subj", "/CN=hufu test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2",
                    "-keyout", "key.pem", "-out", "chain.pem",
                ], folder: folder
            ).run()
            try #require(made.status == 0, "\(made.errors)")
            let arguments = [
                "--host", "0.0.0.0", "--port", "0", "--tls-certificate", "chain.pem", "--tls-key", "key.pem",
            ]
            try await ServerProcess.run(in: folder, arguments) { server in
                let url = server.url.replacing("0.0.0.0", with: "127.0.0.1")
                #expect(url.hasPrefix("https://"))
                #expect(try await curl(["--cacert", "chain.pem", "\(url)/readyz"], in: folder).status == 0)
                #expect(
                    try await curl(["\(url)/readyz"], in: folder).status == 60, "nobody else vouches for it")
                let proof = ["audit", "proof", "0", "--url", url]
                let distrusted = try await Command.hufu(proof, in: folder)
                #expect(distrusted.status == 3, "\(distrusted.errors)")
                let trusted = try await Command.hufu(proof + ["--ca-file", "chain.pem"], in: folder)
                #expect(trusted.status == 0, "\(trusted.errors)")
            }
            for (certificate, key) in [("key.pem", "key.pem"), ("nowhere.pem", "key.pem")] {
                let outcome = try await serve(
                    ["serve", "--data", "more", "--tls-certificate", certificate, "--tls-key", key],
                    in: folder)
                #expect(outcome.status == 2 && outcome.errors.contains(certificate), "\(outcome.errors)")
            }
        }
    }

    // MARK: Steps

    /// Something that should end at once; a server that starts after all is stopped.
    private func serve(
        _ arguments: [String], in folder: URL, _ environment: [String: String] = [:]
    ) async throws -> Command.Outcome {
        try await Command(
            executable: Repository.hufu.path, arguments: arguments, folder: folder, environment: environment,
            seconds: 60
        ).run()
    }

    /// Spoils something, expects that the server does not start and says why, and mends it again.
    private func refused(
        _ arguments: [String], in folder: URL, told: [String], spoil: () throws -> () throws -> Void = { {} }
    ) async throws {
        let mend = try spoil()
        let outcome = try await serve(arguments, in: folder)
        #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
        for word in told { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        try mend()
    }

    private func chmod(_ mode: Int, _ file: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }

    private func curl(_ arguments: [String], in folder: URL) async throws -> Command.Outcome {
        try await Command(
            executable: "/usr/bin/env", arguments: ["curl", "-fsS"] + arguments, folder: folder
        ).run()
    }
}
