import AuditLog
import Crypto
import Foundation
package import InsurancePlatform
import Logging
import NIOSSL
import Storage

/// The way to the national platform, wired together from its settings: certificates, tokens, transport, guard,
/// journal. It owns the connections: `shutDown` ends them.
package final class NationalPlatform: Sendable {
    package let site: FsiSite
    /// Who asks where a call names nobody.
    let sender: PlatformCall.Sender
    package let desk: PlatformDesk
    /// Where the site wants tokens.
    package let login: PlatformLogin?
    /// Guarded, signed and authorized.
    let carrier: any Platform
    let newMessageID: @Sendable () -> String
    private let tls: TLSMaterial?
    private let tokens: TokenCache?
    private let clock: @Sendable () -> Int64
    private let end: @Sendable () async throws -> Void

    /// Reads the certificates; nothing is connected yet.
    package init(_ settings: PlatformSettings, authority: Authority) async throws {
        site = settings.site
        sender = settings.sender
        let nanoseconds = authority.clock
        let clock: @Sendable () -> Int64 = { nanoseconds() / 1_000_000 }
        self.clock = clock
        let identifiers = try await Self.identifiers(site.fixmedinsCode, authority.store, now: clock())
        newMessageID = { identifiers.next(now: clock()).text }
        let tls = try TLSMaterial(settings.tls, role: .client, now: clock())
        self.tls = tls
        let trust: @Sendable () -> TLSConfiguration? = { tls.current.client }
        var options = TransportOptions(
            tls: trust, signature: settings.signature, clock: clock)
        options.connect = settings.connect
        options.call = settings.call
        options.window = settings.window
        var http: OAuth2HTTP?
        if let configuration = settings.login {
            let connection = OAuth2HTTP(tls: trust)
            http = connection
            let client = OAuth2Client(configuration: configuration, http: connection, clock: clock)
            let tokens = TokenCache(
                site: settings.name, client: client,
                store: TokenStore(authority.store, site: settings.name, owner: UUID().uuidString),
                key: authority.keys.platformTokens, clock: clock)
            options.credential = { try await tokens.token() }
            options.credentialRefused = { tokens.reject($0) }
            self.tokens = tokens
            login = PlatformLogin(authority: authority, client: client, tokens: tokens, site: settings.name)
        } else {
            tokens = nil
            login = nil
        }
        let (base, shutDown): (any Platform, @Sendable () async throws -> Void)
        do { (base, shutDown) = try Self.transport(settings, options) } catch {
            try? await http?.shutDown()
            throw PlatformSettings.Unusable(description: "the platform's settings: \(error.sentence)")
        }
        let guarded = GuardedPlatform(base, clock: clock)
        carrier = guarded
        desk = PlatformDesk(
            authority: authority,
            sites: [
                SettlementSite(
                    platform: guarded, fixmedinsCode: site.fixmedinsCode, setlOptins: settings.setlOptins,
                    sender: settings.sender, newMessageID: newMessageID,
                    alwaysCompared: settings.alwaysCompared)
            ], schedule: RecoverySchedule(window: options.takenFor, call: options.call), guarded: [guarded])
        end = { [http] in
            try await shutDown()
            try await http?.shutDown()
        }
    }

    /// A way that is there already, without certificates and login of its own.
    package init(
        _ carrier: any Platform, site: FsiSite, sender: PlatformCall.Sender, desk: PlatformDesk,
        clock: @escaping @Sendable () -> Int64, newMessageID: @escaping @Sendable () -> String
    ) {
        self.carrier = carrier
        self.site = site
        self.sender = sender
        self.desk = desk
        self.clock = clock
        self.newMessageID = newMessageID
        login = nil
        tls = nil
        tokens = nil
        end = {}
    }

    /// Its identifiers are apart from the institution's own by their sequence.
    private static let firstSequence = 5_000

    /// Behind whatever a process before this one gave in this second; and behind the journal where the clock was
    /// set back, by a day at most: what an institution dated later than that is no reason to do so too.
    private static func identifiers(
        _ code: String, _ store: Store, now: Int64
    ) async throws -> MessageIDSource {
        func identifier(_ second: Int64, _ sequence: Int) throws -> MessageID {
            try MessageID(fixmedinsCode: code, second: second, sequence: sequence)
        }
        let second = now / 1000
        let (first, end) = (try identifier(second, firstSequence), try identifier(second + 86_400, 0))
        let given = try await store.read { try $0.lastReversal(after: first, before: end) }
        let current = try identifier(second, 9_999)
        let last = given.map { $0.text > current.text ? $0 : current } ?? current
        return try MessageIDSource(fixmedinsCode: code, after: last, firstSequence: firstSequence)
    }

    private static func transport(
        _ settings: PlatformSettings, _ options: TransportOptions
    ) throws(FsiError) -> (any Platform, @Sendable () async throws -> Void) {
        switch settings.transport {
        case .rest:
            let rest = try RESTPlatform(site: settings.site, options: options)
            return (rest, { try await rest.shutDown() })
        case .soap:
            let soap = try SOAPPlatform(site: settings.site, options: options)
            return (soap, { try await soap.shutDown() })
        case .frames:
            let frames = try FramePlatform(site: settings.site, options: options)
            return (frames, { await frames.shutDown() })
        }
    }

    /// Who is signed in at the site.
    var signIns: SignIns? { try? desk.settlements.site(site.fixmedinsCode).signIns }

    /// What was stored before the start: a token, so that the status is true.
    func resume() async { try? await tokens?.resume() }

    func shutDown() async throws { try await end() }

    /// The long-lived loops.
    ///
    /// - Parameter interval: how often the certificates' files are looked at.
    func services(certificates interval: Duration, _ logger: Logger) -> [RepeatedService] {
        var services = desk.services(logger)
        if let tls {
            services.append(
                .certificates(tls, "the platform's certificates", every: interval, clock, logger))
        }
        if let tokens {
            // An idle site's token is renewed too: a refresh token that nobody uses may end.
            services.append(
                RepeatedService(name: "renewing the platform's token", interval: .seconds(30), logger: logger)
                {
                    if tokens.status().state != .missing { _ = try await tokens.token() }
                })
        }
        return services
    }

    /// Prometheus text exposition format 0.0.4.
    func metrics() async throws -> String {
        var text = try await desk.metrics()
        guard let health = tls?.health(now: clock()) else { return text }
        text += "# HELP hufu_platform_certificate_days Days until certificates for the platform end.\n"
        text += "# TYPE hufu_platform_certificate_days gauge\n"
        for (file, days) in [("client", health.leafDays), ("roots", health.rootsDays)] {
            guard let days else { continue }
            text += "hufu_platform_certificate_days{file=\"\(file)\"} \(days)\n"
        }
        return text
    }
}
