import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Why no answer came.
struct Silence: Error {
    var reason: String
    /// Whether trying again soon may help. A certificate that is not trusted will not be so in a moment.
    var isTransient: Bool

    /// Throws a cancellation on, because that is the caller's own doing.
    init(_ error: any Error) throws {
        switch error {
        case let cancellation as CancellationError:
            throw cancellation
        case let error as HTTPClientError where error == .cancelled:
            throw CancellationError()
        case let error as HTTPClientError:
            reason = error.shortDescription
            isTransient = Self.transient.contains { $0 == error }
        case let error as NIOConnectionError:
            reason = error.connectionErrors.first.map { Self.text($0.error) } ?? "the name can't be resolved"
            isTransient = true
        case let error as IOError:
            reason = Self.text(error)
            isTransient = true
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            reason = "the TLS handshake failed (\(error))"
            isTransient = false
        default:
            reason = String(describing: error)
            isTransient = false
        }
    }

    private static func text(_ error: any Error) -> String {
        guard let error = error as? IOError else { return String(describing: error) }
        return String(cString: strerror(error.errnoCode))
    }

    private static let transient: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .remoteConnectionClosed,
        .getConnectionFromPoolTimeout, .tlsHandshakeTimeout,
    ]
}
