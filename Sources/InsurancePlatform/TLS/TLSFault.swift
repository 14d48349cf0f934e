/// What can be wrong between a client and a TLS server; raw values are stable codes.
public enum TLSFault: String, Sendable, Hashable, CaseIterable {
    case nameNotResolved = "name_not_resolved"
    case connectionRefused = "connection_refused"
    case connectionTimeout = "connection_timeout"
    case unreachable
    case handshakeTimeout = "handshake_timeout"
    case closedInHandshake = "closed_in_handshake"
    case plainHTTP = "plain_http"
    case notTLS = "not_tls"
    case oldProtocol = "old_protocol"
    case noCommonParameters = "no_common_parameters"
    case tlcpServer = "tlcp_server"
    case sm2Certificate = "sm2_certificate"
    case unreadableCertificate = "unreadable_certificate"
    case proxyInTheWay = "proxy_in_the_way"
    case intermediateMissing = "intermediate_missing"
    case unknownRoot = "unknown_root"
    case wrongSignature = "wrong_signature"
    case notAnAuthority = "not_a_ca"
    case authorityKeyUsage = "ca_key_usage"
    case serverKeyUsage = "server_key_usage"
    case pathTooLong = "path_too_long"
    case nameConstraint = "name_constraint"
    case nameMismatch = "name_mismatch"
    case expired
    case notYetValid = "not_yet_valid"
    case refusedByLibrary = "refused_by_library"
    case clientCertificateRequired = "client_certificate_required"
    case clientCertificateRefused = "client_certificate_refused"
    case clientCertificateAsked = "client_certificate_asked"
    case wrongOrder = "wrong_order"
    case expiresSoon = "expires_soon"

    /// Connections are made in spite of it.
    public var isWarning: Bool {
        switch self {
        case .clientCertificateAsked, .wrongOrder, .expiresSoon: true
        default: false
        }
    }
}
