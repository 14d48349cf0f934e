internal import NIOCore
public import NIOSSL
internal import Synchronization

/// A server's TLS whose certificate, key and client roots follow a ``TLSMaterial``: connections that stand go on,
/// each new handshake takes what is current.
///
/// A server that takes one `TLSConfiguration` for its whole life, such as Hummingbird's, is given
/// ``configuration``: certificate and key are replaced inside each handshake. One that adds its own TLS handler to
/// each accepted connection uses ``handler()``, which follows the client roots as well.
public final class ReloadingServerTLS: Sendable {
    private struct Cached {
        var generation: Int
        var context: NIOSSLContext
    }

    /// For one listening socket's whole life. The client roots, where there are any, stay those of the beginning.
    public let configuration: TLSConfiguration
    private let material: TLSMaterial
    private let applicationProtocols: [String]
    private let cached: Mutex<Cached>

    /// - Parameters:
    ///   - material: in the role of a server.
    ///   - applicationProtocols: ALPN, such as `["http/1.1"]`.
    public init(_ material: TLSMaterial, applicationProtocols: [String] = []) throws {
        self.material = material
        self.applicationProtocols = applicationProtocols
        let pair = material.current
        let settings = try Self.settings(pair, applicationProtocols)
        configuration = Self.following(material, settings)
        let context = try NIOSSLContext(configuration: settings)
        cached = Mutex(Cached(generation: pair.generation, context: context))
    }

    /// The first handler of a connection just accepted. Its context is made anew only when the material has
    /// changed; that takes no file access.
    public func handler() throws -> NIOSSLServerHandler {
        let pair = material.current
        let context = try cached.withLock { cached in
            if cached.generation < pair.generation {
                let context = try NIOSSLContext(configuration: Self.settings(pair, applicationProtocols))
                cached = Cached(generation: pair.generation, context: context)
            }
            return cached.context
        }
        return NIOSSLServerHandler(context: context)
    }

    private static func following(_ material: TLSMaterial, _ settings: TLSConfiguration) -> TLSConfiguration {
        var settings = settings
        settings.sslContextCallback = { _, promise in promise.succeed(material.current.replacement) }
        return settings
    }

    private static func settings(
        _ pair: TLSMaterial.Pair, _ protocols: [String]
    ) throws(TLSMaterialError) -> TLSConfiguration {
        guard let key = pair.key else { throw TLSMaterialError(.noIdentity) }
        let chain = pair.chain.map { NIOSSLCertificateSource.certificate($0) }
        // Without roots clients are asked for no certificate. With them each must show one, whose chain must hold; it
        // names a client and no host.
        var settings =
            pair.roots.isEmpty
            ? TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            : TLSConfiguration.makeServerConfigurationWithMTLS(
                certificateChain: chain, privateKey: .privateKey(key), trustRoots: .certificates(pair.roots))
        settings.minimumTLSVersion = .tlsv12
        settings.applicationProtocols = protocols
        settings.sendCANameList = !pair.roots.isEmpty
        return settings
    }
}
