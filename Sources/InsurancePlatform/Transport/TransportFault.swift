import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// What an error of the network means, in words that hold nothing of the message.
struct TransportFault {
    let reason: PlatformFailure.Reason
    let detail: String
    /// The other side refused our certificate, which in TLS 1.3 is heard of only after the handshake.
    let isRefusedCertificate: Bool

    init(_ error: any Error) {
        isRefusedCertificate = Self.refusesCertificate(error)
        switch error {
        case let error as HTTPClientError where Self.timeouts.contains(error):
            (reason, detail) = (.timeout, "no answer in time")
        case let error as HTTPClientError where error == .cancelled:
            (reason, detail) = (.timeout, "the caller stopped waiting")
        case is CancellationError: (reason, detail) = (.timeout, "the caller stopped waiting")
        case ChannelError.connectTimeout: (reason, detail) = (.timeout, "no connection in time")
        case is NIOConnectionError, is SocketAddressError:
            (reason, detail) = (.unreachable, "the platform can't be reached")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            (reason, detail) = (.tlsFailed, "TLS failed; hufu doctor tls tells why")
        case is NIOTooManyBytesError: (reason, detail) = (.unreadableAnswer, "the answer is too large")
        case is FsiError: (reason, detail) = (.unreadableAnswer, "the answer can't be read")
        default: (reason, detail) = (.connectionLost, "the connection was lost")
        }
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .deadlineExceeded, .readTimeout,
        .writeTimeout,
    ]

    /// The alerts of RFC 8446 §6.2 by which a server says that it won't have the client's certificate.
    private static let certificateAlerts = [
        "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED",
        "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED",
        "ALERT_CERTIFICATE_REQUIRED", "ALERT_DECRYPT_ERROR",
    ]

    private static func refusesCertificate(_ error: any Error) -> Bool {
        guard error is BoringSSLError || error is NIOSSLError else { return false }
        let text = String(describing: error).uppercased()
        return certificateAlerts.contains { text.contains($0) }
    }
}
