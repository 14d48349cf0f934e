import ActivationCodes
import Foundation
import HufuServer
import InsurancePlatform
import NIOSSL
import PlatformSimulator
import RequestSigning
import Storage

/// The use cases against the sandbox over real mutual TLS, signed, by the clock of the machine.
struct SandboxStage: Sendable {
    let sandbox: Sandbox
    let platform: GuardedPlatform
    let messages: MessageIDSource
    let store: Store
    let authority: Authority
    let desk: PlatformDesk
    let code: String
    static let institution = UUID()
    /// Longer than a call's timeout and the longest delay of the tests.
    static let schedule = RecoverySchedule(firstPause: 50, longestPause: 400, quiet: 15_000)
    static let sender = PlatformCall.Sender(id: "op1", name: "测试员")

    static func run(_ scenario: (SandboxStage) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var configuration = SandboxConfiguration(dataDirectory: directory.path + "/sandbox")
        configuration.persons = 20
        let sandbox = try await Sandbox(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await sandbox.run() }
            let addresses = try await sandbox.addresses
            let rest = try await rest(sandbox, addresses)
            let stage = try await SandboxStage(sandbox, rest, directory.path + "/hufu.db")
            do { try await scenario(stage) } catch {
                try? await rest.shutDown()
                group.cancelAll()
                throw error
            }
            try await rest.shutDown()
            try stage.store.close()
            group.cancelAll()
        }
    }

    private static func rest(_ sandbox: Sandbox, _ addresses: SandboxAddresses) async throws -> RESTPlatform {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(addresses.files.authority)
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(addresses.files.clientCertificate)
            .map { .certificate($0) }
        tls.privateKey = .privateKey(
            try NIOSSLPrivateKey(file: addresses.files.clientKey, format: .pem))
        let token = try await sandbox.issueAccessToken()
        guard let key = sandbox.credentials.signingKey(for: .v330) else { throw CancellationError() }
        var options = TransportOptions(
            tls: { [tls] in tls }, signature: PlatformSignature(RequestSigner(.v330, key: key)),
            credential: { token }, clock: { Server.systemClock() / 1_000_000 })
        options.connect = .seconds(6)
        options.call = .seconds(6)
        return try RESTPlatform(site: sandbox.site(addresses), options: options)
    }

    private init(_ sandbox: Sandbox, _ rest: RESTPlatform, _ path: String) async throws {
        self.sandbox = sandbox
        code = rest.site.fixmedinsCode
        let messages = try MessageIDSource(fixmedinsCode: code)
        self.messages = messages
        platform = GuardedPlatform(rest, clock: { Server.systemClock() / 1_000_000 })
        store = try Store(path: path)
        authority = await Authority(
            store: store, keys: try AuthorityKeys(generated: AuthorityKeys.generate(entropy: .system)),
            entropy: .system, clock: Server.systemClock,
            passwords: PasswordHasher(cost: .init(rounds: 1 << 10), entropy: .system), committed: {})
        let site = SettlementSite(
            platform: platform, fixmedinsCode: code, setlOptins: rest.site.mdtrtareaAdmvs,
            sender: Self.sender,
            newMessageID: { messages.next(now: Server.systemClock() / 1_000_000).text })
        desk = PlatformDesk(
            authority: authority, sites: [site], schedule: Self.schedule, guarded: [platform])
    }

    var date: String { ChinaTime.text(Server.systemClock() / 1_000_000, .date) }

    func call(_ transaction: some PlatformTransaction, signNo: String? = nil) -> PlatformCall {
        PlatformCall(
            transaction, msgid: messages.next(now: Server.systemClock() / 1_000_000).text,
            sender: Self.sender, insuplcAdmdvs: "440100", signNo: signNo)
    }

    /// A visit with one fee, ready to be settled.
    func visit(_ person: SandboxPerson, cents: Int64) async throws -> SettlementRequest {
        let amount = ExactDecimal(cents: cents)
        let registered = try await platform.carry(
            call(
                Registration(
                    psnNo: person.psnNo, insutype: person.insutype, begntime: "2026-11-21 08:00:00",
                    mdtrtCertType: "02", mdtrtCertNo: person.certNo, iptOtpNo: "OTP1"))
        ).content(of: Registration.self)
        let fee = FeeUpload.Fee(
            feedetlSn: "F1", mdtrtID: registered.mdtrtID, psnNo: person.psnNo, chrgBchno: "B1",
            feeOcurTime: "2026-11-21 08:05:00", medListCodg: "HFX0001", medinsListCodg: "H-1",
            cnt: ExactDecimal(units: 1, scale: 0), pric: amount, detItemFeeSumamt: amount)
        _ = try await platform.carry(call(FeeUpload(fees: [fee]))).content(of: FeeUpload.self)
        return SettlementRequest(
            psnNo: person.psnNo, mdtrtCertType: "02", mdtrtCertNo: person.certNo, medType: "11",
            medfeeSumamt: amount, mdtrtID: registered.mdtrtID, chrgBchno: "", acctUsedFlag: "1",
            insutype: person.insutype)
    }

    func carry(_ call: PlatformCall) async throws -> SettlementReply {
        try await desk.settlements.carry(
            call,
            by: Call(
                caller: .system, door: "http", requestID: "test", traceID: String(repeating: "0", count: 32)),
            fixmedinsCode: code, institution: Self.institution)
    }

    func resolveAll() async throws {
        while try await store.read({ try $0.openSettlementCount().count }) > 0 {
            try await desk.resolver.step()
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
