import Foundation
import NIOSSL
import Synchronization

/// What the server shows at new connections; the control API can swap it while the server runs.
final class ServerCertificate: Sendable {
    /// What a swap is to.
    enum Choice: String, Sendable, CaseIterable {
        /// A new key and certificate of the same authority, as after a renewal: clients should not notice.
        case renewed
        /// Of an authority that nobody trusts.
        case stranger
        /// Ended yesterday.
        case expired
        /// For another host.
        case wrongName = "wrong_name"
    }

    /// Whether a connection must show a client certificate, or may (browsers at the login page have none).
    enum ClientCertificate: Sendable {
        case required, ifPresent
    }

    private struct Contexts: Sendable {
        let required: NIOSSLContext
        let ifPresent: NIOSSLContext
        let choice: Choice
    }

    private let authority: CertificateAuthority
    private let hosts: [String]
    private let current: Mutex<Contexts>

    init(authority: CertificateAuthority, hosts: [String], first: IssuedCertificate) throws {
        self.authority = authority
        self.hosts = hosts
        let contexts = try Self.contexts(first, authority, .renewed)
        current = Mutex(contexts)
    }

    var choice: Choice { current.withLock { $0.choice } }

    func context(_ certificate: ClientCertificate) -> NIOSSLContext {
        current.withLock { certificate == .required ? $0.required : $0.ifPresent }
    }

    func swap(to choice: Choice, now: Date) throws {
        let day: TimeInterval = 86_400
        let issued =
            switch choice {
            case .renewed: try authority.issue(.server(hosts), now: now)
            case .stranger:
                try CertificateAuthority.make(named: "Somebody else's CA", now: now)
                    .issue(.server(hosts), now: now)
            case .expired:
                try authority.issue(.server(hosts), from: now - 30 * day, to: now - day)
            case .wrongName: try authority.issue(.server(["elsewhere.invalid"]), now: now)
            }
        let contexts = try Self.contexts(issued, authority, choice)
        current.withLock { $0 = contexts }
    }

    private static func contexts(
        _ issued: IssuedCertificate, _ authority: CertificateAuthority, _ choice: Choice
    ) throws -> Contexts {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(issued.certificatePEM.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(issued.keyPEM.utf8), format: .pem)
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(authority.certificatePEM().utf8))
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        settings.minimumTLSVersion = .tlsv12
        settings.trustRoots = .certificates(roots)
        settings.sendCANameList = true
        // A client certificate is verified wherever it is shown; the business faces refuse who shows none.
        settings.certificateVerification = .optionalVerification
        let ifPresent = try NIOSSLContext(configuration: settings)
        settings.certificateVerification = .noHostnameVerification
        return Contexts(
            required: try NIOSSLContext(configuration: settings), ifPresent: ifPresent, choice: choice)
    }
}
