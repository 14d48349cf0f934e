package import ActivationCodes
import Foundation
package import Logging

/// All that a server needs to know; see `hufu serve --help-config` for the keys that set it.
package struct ServerConfiguration: Sendable {
    package struct TLS: Sendable {
        package var certificateFile: String
        package var keyFile: String

        package init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Where the gateway carries admitted calls.
    package enum Upstream: Sendable, Equatable {
        case none
        /// Answers with what was admitted, for tests and first steps.
        case echo
        /// A base such as `http://10.0.0.7:8080/ebus`; a call's path is appended.
        case http(base: String)

        /// Nil for what is none.
        package init?(_ text: String) {
            if text == "echo" {
                self = .echo
                return
            }
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil,
                url.query == nil, url.fragment == nil, url.user == nil
            else { return nil }
            self = .http(base: text.hasSuffix("/") ? String(text.dropLast()) : text)
        }
    }

    /// Why a server must not start like this.
    package struct Unsafe: Error, CustomStringConvertible {
        package let description: String
    }

    package var dataDirectory: String
    package var host = "127.0.0.1"
    package var port = 8080
    package var tls: TLS?
    /// Proxies that alone may set the client's address; given, TLS may end before us.
    package var trustedProxies: [AddressRange] = []
    /// Entry bundles for anybody.
    package var publicLog = false
    package var origin = "hufu.local/log"
    package var masterKeyFile: String?
    package var sweepInterval: Duration = .seconds(300)
    package var heartbeat: Duration = .seconds(600)
    /// How often the files of `tls`, and the platform's, are looked at.
    package var certificateInterval: Duration = .seconds(10)
    /// Requests with a secret, a minute, from one address.
    package var attemptsPerSource = 6000
    /// The same for one code; with a device's token, for one device of a code.
    package var attemptsPerCode = 600
    package var upstream = Upstream.none
    /// Makes the way to the national platform, by which admitted calls then go.
    package var platform: (@Sendable (Authority) async throws -> NationalPlatform)?
    package var logLevel: Logger.Level = .info

    package init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    package var logDirectory: String { dataDirectory + "/log" }

    /// Off loopback, secrets must not travel in the clear.
    package func check() throws {
        let isLoopback =
            host == "localhost"
            || IPAddress(host).map { address in
                ["127.0.0.0/8", "::1/128"].contains { AddressRange($0)?.contains(address) == true }
            } == true
        guard isLoopback || tls != nil || !trustedProxies.isEmpty else {
            throw Unsafe(
                description:
                    "host \(host) is not loopback: give --tls-certificate and --tls-key, or --behind-proxy with the proxies' CIDR ranges"
            )
        }
    }
}
