import ArgumentParser
import AuditLog
import Configuration
import Foundation
import HufuServer

/// The server's configuration from flags, the environment (`HUFU_…`) and a JSON file, in this order.
struct ServerSettings: ParsableArguments {
    @Option(help: "The data directory: database, keys and log.")
    var data = "hufu-data"

    @Option(help: "A JSON file with further keys; see --help-config.")
    var config: String?

    @Option(help: "Where to listen (default: 127.0.0.1).")
    var host: String?

    @Option(help: "Port to listen on, 0 for a free one (default: 8080).")
    var port: String?

    @Option(help: "PEM certificate chain.")
    var tlsCertificate: String?

    @Option(help: "PEM private key.")
    var tlsKey: String?

    @Option(help: "CIDR ranges of the proxies in front.")
    var behindProxy: String?

    @Option(help: "Where admitted signed calls go: a URL, or echo.")
    var gatewayUpstream: String?

    @Option(help: "The national platform's settings, a JSON file; admitted calls go there.")
    var platform: String?

    @Flag(help: "Serve entry bundles to anybody.")
    var publicLog = false

    @Option(help: "The log's name, fixed when it begins.")
    var logOrigin: String?

    @Option(help: "The file that opens the keys.")
    var masterKeyFile: String?

    @Option(help: "Seconds between sweeps.")
    var sweepInterval: String?

    @Option(help: "Seconds after which an idle log is signed anew.")
    var heartbeat: String?

    @Option(help: "Requests with a secret a minute from one address.")
    var attemptsPerSource: String?

    @Option(help: "Requests a minute with one code.")
    var attemptsPerCode: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel: String?

    private var flags: [String: String] {
        let given: [String: String?] = [
            "host": host, "port": port, "tls-certificate": tlsCertificate, "tls-key": tlsKey,
            "behind-proxy": behindProxy, "gateway-upstream": gatewayUpstream,
            "platform": platform,
            "public-log": publicLog ? "true" : nil, "log-origin": logOrigin,
            "master-key-file": masterKeyFile, "sweep-interval": sweepInterval, "heartbeat": heartbeat,
            "attempts-per-source": attemptsPerSource, "attempts-per-code": attemptsPerCode,
            "log-level": logLevel,
        ]
        return given.compactMapValues { $0 }
    }

    /// Reads and checks everything; a bad value names its key and the allowed form.
    func configuration() async throws -> ServerConfiguration {
        var configuration = ServerConfiguration(dataDirectory: URL(filePath: data).path)
        let reader = try reader()
        for key in ConfigurationKey.all {
            guard let text = reader.string(forKey: ConfigKey([key.name])) else { continue }
            guard key.apply(&configuration, text) else { throw Self.wrong(key, "“\(text)”") }
        }
        if let tls = configuration.tls, tls.certificateFile.isEmpty || tls.keyFile.isEmpty {
            throw CommandFailure(.environment, "error: tls-certificate and tls-key go together")
        }
        do { try configuration.check() } catch { throw CommandFailure(.environment, "error: \(error)") }
        return configuration
    }

    private func reader() throws -> ConfigReader {
        var providers: [any ConfigProvider] = [
            Self.provider("flags", flags), EnvironmentVariablesProvider().prefixKeys(with: "hufu"),
        ]
        if let config { providers.append(Self.provider(config, try Self.values(in: config))) }
        return ConfigReader(providers: providers)
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
    }

    /// What stands in a file, as text. A misspelt key would otherwise be passed over in silence, and so would a
    /// value of another type.
    private static func values(in path: String) throws -> [String: String] {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)),
            let members = try? JSON(parsing: Array(bytes)).object
        else { throw CommandFailure(.environment, "error: \(path) is not a JSON object that can be read") }
        let known = Set(ConfigurationKey.all.map(\.name))
        if let unknown = members.keys.filter({ !known.contains($0) }).min() {
            throw CommandFailure(
                .environment,
                "error: \(path) has the unknown key “\(unknown)”\n  cure: hufu serve --help-config")
        }
        var values: [String: String] = [:]
        for key in ConfigurationKey.all {
            guard let value = members[key.name] else { continue }
            guard let text = text(value) else { throw wrong(key, value.canonicalText) }
            values[key.name] = text
        }
        return values
    }

    /// In a file a value may be a whole number, a boolean or a list as well.
    private static func text(_ value: JSON) -> String? {
        switch value {
        case .string(let text): return text
        case .integer, .bool: return value.canonicalText
        case .array(let items):
            let texts = items.compactMap(\.string)
            return texts.count == items.count ? texts.joined(separator: ",") : nil
        case .null, .number, .object: return nil
        }
    }

    private static func wrong(_ key: ConfigurationKey, _ text: String) -> CommandFailure {
        CommandFailure(
            .environment,
            "error: \(key.name) is \(text); allowed: \(key.allowed)\n  cure: hufu serve --help-config")
    }
}
