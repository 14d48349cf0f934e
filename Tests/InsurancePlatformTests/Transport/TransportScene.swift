import InsurancePlatform
import NIOSSL
import RequestSigning
import Testing

/// What the transports' tests share: certificates, a site on a port, and what a failed call was.
enum TransportScene {
    static let authority = Result { try TestAuthority() }

    static func site(_ port: Int) -> FsiSite {
        var site = FsiSamples.site(baseURL: "https://localhost:\(port)/rio")
        site.frames = FsiSite.FrameAddress(host: "localhost", port: port)
        return site
    }

    static func options(
        _ tls: TLSConfiguration? = nil, signature: PlatformSignature? = nil,
        credential: (@Sendable () async throws -> String?)? = nil
    ) throws -> TransportOptions {
        let tls = try tls ?? authority.get().client()
        var options = TransportOptions(
            tls: { tls }, signature: signature, credential: credential, clock: { FsiSamples.now })
        options.connect = .seconds(20)
        options.call = .seconds(40)
        return options
    }

    /// The failure of a call that must fail.
    static func failure(of platform: some Platform, _ call: PlatformCall = FsiSamples.settlement()) async
        -> PlatformFailure?
    {
        do {
            _ = try await platform.carry(call)
            return nil
        } catch {
            return error
        }
    }

    static func isNotSent(_ failure: PlatformFailure?, _ reason: PlatformFailure.Reason) -> Bool {
        guard case .notSent(reason, _)? = failure else { return false }
        return true
    }

    static func isUnknown(_ failure: PlatformFailure?, _ reason: PlatformFailure.Reason) -> Bool {
        guard case .unknown(reason, _)? = failure else { return false }
        return true
    }

    /// A port on which nobody listens.
    static func freePort() async throws -> Int {
        let platform = try await TestPlatform.frames(authority.get().server()) { _ in nil }
        let port = platform.port
        try await platform.end()
        return port
    }

    /// Keys of the profile `tif`, which signs fields alone, and what verifies them.
    static func fieldSignature() -> (signature: PlatformSignature, key: VerificationKey) {
        let key = SigningKey(id: "hufu-test", .secret(SharedSecret("abcdefghijklmnopqrstuvwxyz012345")))
        return (PlatformSignature(RequestSigner(.tif, key: key)), key.verificationKey)
    }
}
