import ArgumentParser
import AuditLog
import Configuration
import Foundation
import HufuServer
import SystemPackage

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
            "behind-proxy": behindProxy, "public-log": publicLog ? "true" : nil, "log-origin": logOrigin,
            "master-key-file": masterKeyFile, "sweep-interval": sweepInterval, "heartbeat": heartbeat,
            "attempts-per-source": attemptsPerSource, "attempts-per-code": attemptsPerCode, "log-level": logLevel,
        ]
        return given.compactMapValues { $0 }
    }

    /// Reads and checks everything; a bad value names its key and the allowed form.
    func configuration() async throws -> ServerConfiguration {
        var configuration = ServerConfiguration(dataDirectory: URL(filePath: data).path)
        let reader = try await reader()
        for key in ConfigurationKey.all {
            guard let text = Self.text(reader, ConfigKey([key.name])) else { continue }
            guard key.apply(&configuration, text) else {
                throw CommandFailure(
                    .environment, "error: \(key.name) is “\(text)”; allowed: \(key.allowed)\n  cure: hufu serve --help-config")
            }
        }
        if let tls = configuration.tls, tls.certificateFile.isEmpty || tls.keyFile.isEmpty {
            throw CommandFailure(.environment, "error: tls-certificate and tls-key go together")
        }
        do { try configuration.check() } catch { throw CommandFailure(.environment, "error: \(error)") }
        return configuration
    }

    private func reader() async throws -> ConfigReader {
        var providers: [any ConfigProvider] = [
            InMemoryProvider(
                name: "flags",
                values: Dictionary(
                    uniqueKeysWithValues: flags.map {
                        (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                    })),
            EnvironmentVariablesProvider().prefixKeys(with: "hufu"),
        ]
        if let config {
            try Self.checkNames(config)
            providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(config)))
        }
        return ConfigReader(providers: providers)
    }

    /// A misspelt key in the file would otherwise be passed over in silence.
    private static func checkNames(_ path: String) throws {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)),
            let names = try? JSON(parsing: Array(bytes)).object?.keys
        else { throw CommandFailure(.environment, "error: \(path) is not a JSON object that can be read") }
        let known = Set(ConfigurationKey.all.map(\.name))
        if let unknown = names.filter({ !known.contains($0) }).min() {
            throw CommandFailure(
                .environment, "error: \(path) has the unknown key “\(unknown)”\n  cure: hufu serve --help-config")
        }
    }

    /// In a file a value may be a number, a boolean or a list as well.
    private static func text(_ reader: ConfigReader, _ key: ConfigKey) -> String? {
        if let text = try? reader.requiredString(forKey: key) { return text }
        if let number = try? reader.requiredInt(forKey: key) { return String(number) }
        if let flag = try? reader.requiredBool(forKey: key) { return String(flag) }
        if let list = try? reader.requiredStringArray(forKey: key) { return list.joined(separator: ",") }
        return nil
    }
}
