internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// How far one probe went.
struct TLSProbeOutcome: Sendable {
    enum End: Sendable, Equatable {
        /// Broken off by us after the chain had come.
        case broken
        case timeout
        case closed
        /// The chain holds, but for another name.
        case otherName
        /// The library's reasons, such as `TLSV1_ALERT_PROTOCOL_VERSION`.
        case failed(Set<String>)
    }

    var connectFailure: TLSConnectFailure?
    /// DER, as served.
    var chain: [[UInt8]] = []
    var isComplete = false
    var isCertificateAsked = false
    var version: TLSVersion?
    /// The first that ended it; nil after a handshake that went well.
    var end: End?
    /// The first bytes of the answer, as they came over the wire.
    var firstBytes: [UInt8] = []

    /// The alerts the other side sent, and the library's reasons.
    var reasons: Set<String> {
        if case .failed(let reasons) = end { return reasons }
        return []
    }
}

/// Why there is no TCP connection.
enum TLSConnectFailure: Sendable, Equatable {
    case refused
    case timeout
    case other(String)

    init(_ error: any Error) {
        switch error {
        case let error as NIOConnectionError:
            self = error.connectionErrors.first.map { TLSConnectFailure($0.error) } ?? .other("\(error)")
        case ChannelError.connectTimeout: self = .timeout
        case let error as IOError where error.errnoCode == 111 || error.errnoCode == 61: self = .refused
        case let error as IOError where error.errnoCode == 110 || error.errnoCode == 60: self = .timeout
        case let error as IOError: self = .other(error.description)
        default: self = .other("\(error)")
        }
    }
}
