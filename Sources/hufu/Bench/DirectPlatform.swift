import Crypto
import Foundation
import HufuServer
import InsurancePlatform
import Synchronization

/// The platform without a gateway: the same transport, certificates, signature and grant, used by the caller
/// itself. It owns the connections: `shutDown` ends them.
struct DirectPlatform: Sendable {
    let carrier: RESTPlatform
    /// Counts what the authorization server is asked.
    let renewals = RenewalCount()
    let tokens: TokenCache
    private let http: OAuth2HTTP

    /// - Parameter clock: unix milliseconds, of the tokens alone.
    init(
        _ settings: PlatformSettings, clock: @escaping @Sendable () -> Int64 = DirectPlatform.milliseconds
    ) throws {
        let tls = try TLSMaterial(settings.tls, role: .client, now: Self.milliseconds())
        guard let login = settings.login else {
            throw CommandFailure(.environment, "error: the sandbox's settings have no login")
        }
        http = OAuth2HTTP(tls: { tls.current.client })
        let client = OAuth2Client(configuration: login, http: http, clock: clock)
        let (renewals, stored) = (renewals, MemoryTokens())
        let tokens = TokenCache(
            site: settings.name, store: stored.store, key: SymmetricKey(size: .bits256), clock: clock
        ) { (token: PlatformToken?) async throws(TokenFailure) in
            renewals.count.add(1, ordering: .relaxed)
            return try await client.renew(token)
        }
        self.tokens = tokens
        var options = TransportOptions(
            tls: { tls.current.client }, signature: settings.signature,
            credential: { try await tokens.token() }, clock: Self.milliseconds)
        options.connect = settings.connect
        options.call = settings.call
        carrier = try RESTPlatform(site: settings.site, options: options)
    }

    func shutDown() async throws {
        try await carrier.shutDown()
        try await http.shutDown()
    }

    static let milliseconds: @Sendable () -> Int64 = { Server.systemClock() / 1_000_000 }
}

final class RenewalCount: Sendable {
    let count = Atomic(0)
}

/// The store of one cache and one run.
private final class MemoryTokens: Sendable {
    private let stored = Mutex(TokenStore.Stored(sealed: nil, generation: 0))

    var store: TokenStore {
        TokenStore(
            load: { self.stored.withLock { $0 } },
            save: { sealed, generation in
                self.stored.withLock { stored in
                    guard stored.generation == generation else { return false }
                    stored = TokenStore.Stored(sealed: sealed, generation: generation + 1)
                    return true
                }
            }, lease: { _, _ in true }, releaseLease: {})
    }
}
