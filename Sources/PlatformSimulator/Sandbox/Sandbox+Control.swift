import Foundation
public import InsurancePlatform
import RequestSigning

/// What the control API does, for tests in the same process.
extension Sandbox {
    /// Takes the place of all faults before; none ends them. The clock and the certificate follow at once.
    public func setFaults(_ new: [Fault]) throws {
        let now = time.now
        let had = faults.kinds
        faults.set(new, now: now)
        if let skew = new.first(where: { $0.kind == .clockSkew }) {
            time.offset = skew.milliseconds
        } else if had.contains(.clockSkew) {
            time.offset = 0
        }
        if let swap = new.first(where: { $0.kind == .certificateSwap }) {
            try swapCertificate(to: swap.certificate)
        } else if had.contains(.certificateSwap) {
            try swapCertificate(to: ServerCertificate.Choice.renewed.rawValue)
        }
    }

    /// How many calls the faults of a kind have struck.
    public func struckCount(of kind: Fault.Kind) -> Int { faults.struckCount(of: kind) }

    /// `renewed`, `stranger`, `expired` or `wrong_name`: shown to new connections.
    public func swapCertificate(to name: String) throws {
        guard let choice = ServerCertificate.Choice(rawValue: name) else {
            throw SandboxError("a certificate is renewed, stranger, expired or wrong_name")
        }
        try certificate.swap(to: choice, now: Self.date(time.now))
    }

    /// Milliseconds by which the sandbox's clock is ahead.
    public func setClockOffset(_ milliseconds: Int64) { time.offset = milliseconds }

    /// Answers how many access tokens were revoked.
    @discardableResult
    public func revokeTokens(withRefresh: Bool = false) async throws -> Int {
        try await tokens.revoke(withRefresh: withRefresh)
    }

    /// A new key signs id_tokens from now on; answers its id.
    @discardableResult
    public func rotateIDTokenKey(to algorithm: String = "ES256") throws -> String {
        guard let algorithm = IDTokenKey.Algorithm(rawValue: algorithm) else {
            throw SandboxError("alg is ES256 or RS256")
        }
        return try idTokenKeys.rotate(to: algorithm)
    }

    /// An access token without a login, for tests and measurements.
    public func issueAccessToken(scope: String = "patient.read claim.write") async throws -> String {
        try await tokens.issue(
            subject: credentials.userName, scope: scope, withRefresh: false, now: time.now
        ).access
    }

    // MARK: The books

    /// The invariants; all must hold at any time.
    public func checkLedger() async throws -> [LedgerFinding] { try await ledger.read { try $0.check() } }

    public func ledgerTotals(day: String? = nil) async throws -> [LedgerTotals] {
        try await ledger.read { try $0.totals(day: day) }
    }

    /// Every row, refunds and reversed ones among them, oldest first.
    public func ledgerSettlements() async throws -> [LedgerSettlement] {
        try await ledger.read { try $0.settlements() }
    }

    /// Everybody, the well-known first.
    public func persons() async throws -> [SandboxPerson] {
        try await ledger.read { try $0.people() }
    }

    // MARK: Traffic

    /// The latest requests, oldest first; at most 512 are kept.
    public func traffic(limit: Int = 512) -> [TrafficRecord] { feed.latest(limit) }

    public var requestCount: Int { feed.count }

    /// Each profile's key: its id and its file.
    public var signingKeyFiles: [(profile: String, id: String, file: String)] {
        Profile.all.map { profile in
            (
                profile.id, SandboxCredentials.keyID(of: profile),
                directory.file(SandboxCredentials.keyFile(of: profile))
            )
        }
    }

    /// What a client configures of this site.
    public func site(_ addresses: SandboxAddresses) -> FsiSite {
        let institution = configuration.institution
        return FsiSite(
            baseURL: addresses.base, fixmedinsCode: institution.code, fixmedinsName: institution.name,
            mdtrtareaAdmvs: institution.admvs, recerSysCode: "HUFU",
            frames: FsiSite.FrameAddress(host: addresses.host, port: addresses.framePort))
    }
}
