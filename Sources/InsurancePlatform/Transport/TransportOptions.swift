public import NIOSSL
import RequestSigning

/// What all three transports need beside the site.
public struct TransportOptions: Sendable {
    /// For a TCP connection with its TLS handshake.
    public var connect: Duration = .seconds(5)
    /// For a whole call with its answer; fetching a token may take as long before it.
    public var call: Duration = .seconds(30)
    /// For how long after it was signed the platform takes a request; nil stands for the profile's own window.
    public var window: Duration?
    /// How many connections HTTP may hold to the platform.
    public var connections = 64
    /// Signs requests; nil where the site wants no signature.
    public var signature: PlatformSignature?
    /// The bearer token that is valid now; nil where the site wants none. What it throws means that the call
    /// isn't sent.
    public var credential: (@Sendable () async throws -> String?)?
    /// Told of a token that the platform answered with 401.
    public var credentialRefused: (@Sendable (String) -> Void)?
    /// The certificates to connect with, asked for each call: when they change, calls use new connections, and
    /// those on the old ones end undisturbed. Nil stands for the system's roots and no client certificate.
    public var tls: @Sendable () -> TLSConfiguration?
    /// Unix milliseconds.
    public var clock: @Sendable () -> Int64

    public init(
        tls: @escaping @Sendable () -> TLSConfiguration?, signature: PlatformSignature? = nil,
        credential: (@Sendable () async throws -> String?)? = nil, clock: @escaping @Sendable () -> Int64
    ) {
        self.tls = tls
        self.signature = signature
        self.credential = credential
        self.clock = clock
    }

    private static let unsignedWindow = 300

    /// For how long after its signing a copy of a request may be taken.
    public var takenFor: Duration {
        window ?? .seconds(signature?.signer.profile.window ?? Self.unsignedWindow)
    }

    /// - Throws: `malformed_field` unless both timeouts are positive and shorter than the signature's window, so
    ///   that no request can be taken after its caller has given up.
    func check() throws(FsiError) {
        let window = takenFor
        for (name, timeout) in [("connect", connect), ("call", call)] {
            guard timeout > .zero, timeout < window else {
                throw FsiError(
                    .malformedField, field: name, "a timeout is shorter than the signature's window")
            }
        }
        guard connect <= call else {
            throw FsiError(.malformedField, field: "connect", "connecting is a part of the call")
        }
        guard connections > 0 else {
            throw FsiError(.malformedField, field: "connections", "at least one connection is needed")
        }
    }

    /// The certificates, if they are fit to send patients' data with.
    func trust() throws(PlatformFailure) -> TLSConfiguration {
        let configuration = tls() ?? .makeClientConfiguration()
        guard case .fullVerification = configuration.certificateVerification else {
            throw .notSent(.tlsFailed, detail: "the platform's certificate has to be verified in full")
        }
        return configuration
    }

    /// The token of the moment.
    func token() async throws(PlatformFailure) -> String? {
        let token: String?
        do {
            guard let credential else { return nil }
            token = try await Deadline.within(call) { try await credential() }
        } catch {
            throw .notSent(.noToken, detail: "no token could be had")
        }
        if let token, token.isEmpty || !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw .notSent(.noToken, detail: "the token isn't printable ASCII")
        }
        return token
    }
}
