import ArgumentParser
import Foundation
import InsurancePlatform
import RequestSigning

struct DoctorTLS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls",
        abstract: "Why can't I connect? Examines a TLS server step by step and names the cause and the cure.",
        discussion: """
            Looks up the name, connects, shows the certificates as they are served, and makes the handshake that a \
            client makes, with full verification. No data is sent, and no chain is accepted that does not verify. \
            When the chain's root is unknown, a second hello names a host that nobody has, to see whether a proxy \
            makes certificates on the way.

            EXAMPLES
              hufu doctor tls platform.example:8443 --ca platform-root.pem
              hufu doctor tls 10.1.2.3:443 --server-name platform.example --ca root.pem --cert me.pem --key me.key
              hufu doctor tls platform.example:443 --pkcs12 me.p12 --passphrase-file pass --json

            EXIT CODES
              0   a connection can be made
              1   it can't, and why
              2   a file can't be read or used
            """)

    @Argument(help: "HOST:PORT, [IPV6]:PORT, or a host for port 443.")
    var server: ServerPlace

    @Option(help: "PEM root certificates to trust; may be repeated. Default: the system's.")
    var ca: [String] = []

    @Option(help: "The client certificate's PEM file, its intermediates after it.")
    var cert: String?

    @Option(help: "The PEM file of its key.")
    var key: String?

    @Option(help: "Both in one PKCS#12 file.")
    var pkcs12: String?

    @Option(help: "A file with the passphrase of the key or of the PKCS#12 file.")
    var passphraseFile: String?

    @Option(help: "The name to ask for and to find in the certificate. Default: the host.")
    var serverName: String?

    @Option(help: "Seconds to wait for each connection and each handshake.")
    var timeout = 10

    @Option(help: "zh or en. Default: both.")
    var lang: DoctorSignature.Language?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (cert == nil) == (key == nil) else { throw ValidationError("--cert and --key go together") }
        guard cert == nil || pkcs12 == nil else {
            throw ValidationError("give --cert and --key, or --pkcs12")
        }
        guard passphraseFile == nil || key != nil || pkcs12 != nil else {
            throw ValidationError("--passphrase-file goes with --key or --pkcs12")
        }
        guard 1...300 ~= timeout else { throw ValidationError("--timeout takes 1 to 300 seconds") }
    }

    func run() async throws {
        let report = await TLSExamination.run(host: server.host, port: server.port, options: try options())
        if json {
            print(String(decoding: report.json, as: UTF8.self))
        } else {
            print(
                DoctorTLSText(languages: lang.map { [$0] } ?? DoctorSignature.Language.allCases).text(report))
        }
        guard report.verdict != .failed else {
            let fault = report.findings.first?.fault.rawValue ?? ""
            throw CommandFailure(.refused, "no connection can be made: \(fault)")
        }
    }

    private func options() throws -> TLSExaminationOptions {
        var files = TLSFiles(passphrase: passphraseFile, roots: ca)
        if let cert, let key { files.identity = .pem(certificate: cert, key: key) }
        if let pkcs12 { files.identity = .pkcs12(pkcs12) }
        do throws(TLSMaterialError) {
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            var options = try TLSExaminationOptions(files: files, now: now)
            options.serverName = serverName
            options.connectTimeout = Int64(timeout) * 1000
            options.handshakeTimeout = Int64(timeout) * 1000
            return options
        } catch {
            throw CommandFailure(.environment, "error: \(error)\n  \(error.text.chinese)")
        }
    }
}
