import ActivationCodes
import HufuServer
import Logging

/// A key of the server's configuration: how it is written, and what it sets.
struct ConfigurationKey: Sendable {
    /// As a flag `--name`, in the environment `HUFU_NAME`, in the file `"name"`.
    let name: String
    let allowed: String
    let standard: String
    let help: String
    /// Answers false when the text has not the allowed form.
    let apply: @Sendable (inout ServerConfiguration, String) -> Bool

    var environmentName: String { "HUFU_" + name.uppercased().replacing("-", with: "_") }

    static let all: [ConfigurationKey] =
        [
            .init(
                "host", "an address or host name", "127.0.0.1",
                "Where to listen; off loopback only with TLS or behind a proxy"
            ) {
                $0.host = $1
                return !$1.isEmpty
            },
            .init("port", "0 to 65535; 0 takes a free one", "8080", "Port to listen on") {
                guard let port = Int($1), (0...65535).contains(port) else { return false }
                $0.port = port
                return true
            },
            .init("tls-certificate", "a PEM file", "", "Certificate chain; needs tls-key") {
                $0.tls = .init(certificateFile: $1, keyFile: $0.tls?.keyFile ?? "")
                return !$1.isEmpty
            },
            .init("tls-key", "a PEM file", "", "Private key of the certificate; needs tls-certificate") {
                $0.tls = .init(certificateFile: $0.tls?.certificateFile ?? "", keyFile: $1)
                return !$1.isEmpty
            },
            .init(
                "behind-proxy", "CIDR ranges, separated by commas", "",
                "The proxies in front, which end TLS and alone may set the client's address"
            ) {
                let ranges = $1.split(separator: ",").map { AddressRange($0.filter { $0 != " " }) }
                $0.trustedProxies = ranges.compactMap { $0 }
                return !ranges.isEmpty && !ranges.contains { $0 == nil }
            },
            .init(
                "gateway-upstream", "an http or https URL without a query, or echo", "",
                "Where admitted signed calls go; echo answers with what was admitted"
            ) {
                guard let upstream = ServerConfiguration.Upstream($1) else { return false }
                $0.upstream = upstream
                return true
            },
            .init(
                "platform", "a JSON file: docs/formats/platform-settings.md", "",
                "How to reach the national platform; admitted signed calls then go there"
            ) { configuration, path in
                configuration.platform = {
                    try await NationalPlatform(PlatformSettings(file: path), authority: $0)
                }
                return !path.isEmpty
            },
            .init("public-log", "true or false", "false", "Serve entry bundles to anybody") {
                $0.publicLog = $1 == "true"
                return ["true", "false"].contains($1)
            },
            .init(
                "log-origin", "1 to 200 characters without spaces and +", "hufu.local/log",
                "The log's name, fixed when it begins"
            ) {
                $0.origin = $1
                return (1...200).contains($1.utf8.count) && !$1.contains { $0.isWhitespace || $0 == "+" }
            },
            .init(
                "master-key-file", "a file, mode 0600", "DATA/master.key",
                "The key that opens DATA/keys.sealed; best kept elsewhere"
            ) {
                $0.masterKeyFile = $1
                return !$1.isEmpty
            },
        ] + limits

    private static let limits: [ConfigurationKey] = [
        .init("sweep-interval", "seconds, 1 to 86400", "300", "How often expired codes are marked") {
            guard let seconds = Int($1), (1...86400).contains(seconds) else { return false }
            $0.sweepInterval = .seconds(seconds)
            return true
        },
        .init("heartbeat", "seconds, 1 to 86400", "600", "How often an idle log is signed anew") {
            guard let seconds = Int($1), (1...86400).contains(seconds) else { return false }
            $0.heartbeat = .seconds(seconds)
            return true
        },
        .init(
            "attempts-per-source", "a number from 1", "6000",
            "Requests with a secret a minute from one address; a failed one counts 20"
        ) {
            guard let count = Int($1), count > 0 else { return false }
            $0.attemptsPerSource = count
            return true
        },
        .init(
            "attempts-per-code", "a number from 1", "600",
            "Requests a minute with one code, or by one of its devices"
        ) {
            guard let count = Int($1), count > 0 else { return false }
            $0.attemptsPerCode = count
            return true
        },
        .init(
            "log-level", Logger.Level.allCases.map(\.rawValue).joined(separator: ", "), "info",
            "What is written to standard error"
        ) {
            guard let level = Logger.Level(rawValue: $1) else { return false }
            $0.logLevel = level
            return true
        },
    ]

    private init(
        _ name: String, _ allowed: String, _ standard: String, _ help: String,
        apply: @escaping @Sendable (inout ServerConfiguration, String) -> Bool
    ) {
        self.name = name
        self.allowed = allowed
        self.standard = standard
        self.help = help
        self.apply = apply
    }
}
