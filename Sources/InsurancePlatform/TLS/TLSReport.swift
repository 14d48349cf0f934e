/// What an examination of a TLS server has found.
public struct TLSReport: Sendable, Hashable {
    public enum Verdict: String, Sendable, Hashable {
        /// Connections are made.
        case sound
        /// Connections are made, and something asks for attention.
        case warning
        /// No connection is made.
        case failed
    }

    public let host: String
    public let port: Int
    /// The name that was asked for and is compared with the certificate.
    public let serverName: String
    /// The address that was examined.
    public internal(set) var address: String?
    /// Such as `TLS 1.3`.
    public internal(set) var version: String?
    /// In their order; each ``TLSStep/Name`` once.
    public internal(set) var steps: [TLSStep] = []
    /// The gravest first.
    public internal(set) var findings: [TLSFinding] = []
    /// As served: the server's own first.
    public internal(set) var chain: [CertificateFacts] = []

    init(host: String, port: Int, serverName: String) {
        self.host = host
        self.port = port
        self.serverName = serverName
    }

    public var verdict: Verdict {
        if findings.contains(where: { !$0.fault.isWarning }) { return .failed }
        return findings.isEmpty ? .sound : .warning
    }
}
