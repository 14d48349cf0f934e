import ActivationCodes
import Foundation
import HufuServer
import InsurancePlatform
import Storage
import Synchronization

/// The use cases over a real store file and a platform at the seam, with a clock of the test's own.
final class SettlementStage: Sendable {
    static let code = "H33010200001"
    static let operatorName = "经办人赵六"
    static let institution = UUID()

    let directory: TemporaryDirectory
    let ledger: LedgerPlatform
    let platform: FaultyPlatform
    let schedule: RecoverySchedule
    private let compared: [SettlementSite.Group]
    let signIns = SignIns()
    private let rawKeys: [String: Data]
    private let messages: Mutex<Int>
    private let opened: Mutex<(store: Store, authority: Authority, desk: PlatformDesk)?>

    /// 2026-11-20, 10 o'clock in China.
    static let start: Int64 = 1_795_140_000_000
    static let groups = [
        SettlementSite.Group(insutype: "310", clrType: "11"), .init(insutype: "390", clrType: "21"),
    ]

    init(
        seed: UInt64 = 1, percent: Int = 0, allowed: [PlatformTrouble] = PlatformTrouble.allCases,
        compared: [SettlementSite.Group] = SettlementStage.groups, schedule: RecoverySchedule = .standard
    ) async throws {
        directory = try TemporaryDirectory()
        self.schedule = schedule
        self.compared = compared
        rawKeys = try AuthorityKeys.generate(entropy: .system)
        let moment = Moment()
        ledger = LedgerPlatform(clock: { moment.value })
        platform = FaultyPlatform(
            ledger, seed: seed, percent: percent, allowed: allowed, clock: { moment.value })
        shared = moment
        messages = Mutex(0)
        opened = Mutex(nil)
        try await open()
    }

    private let shared: Moment

    private final class Moment: Sendable {
        private let milliseconds = Mutex(SettlementStage.start)
        var value: Int64 { milliseconds.withLock { $0 } }
        func advance(_ by: Int64) { milliseconds.withLock { $0 += by } }
    }

    var now: Int64 { shared.value }
    var date: String { ChinaTime.text(now, .date) }

    /// Moves the clock, and lets late calls arrive.
    func advance(seconds: Int64) async throws {
        shared.advance(seconds * 1000)
        try await platform.deliver()
    }

    var desk: PlatformDesk { get throws { try current().desk } }
    var store: Store { get throws { try current().store } }
    var authority: Authority { get throws { try current().authority } }

    struct NotOpen: Error {}

    private func current() throws -> (store: Store, authority: Authority, desk: PlatformDesk) {
        guard let opened = opened.withLock({ $0 }) else { throw NotOpen() }
        return opened
    }

    /// As a start-up does: everything anew from the file.
    func open() async throws {
        let store = try Store(path: directory.path + "/hufu.db")
        let shared = shared
        let authority = await Authority(
            store: store, keys: try AuthorityKeys(generated: rawKeys), entropy: .system,
            clock: { shared.value * 1_000_000 },
            passwords: PasswordHasher(cost: .init(rounds: 1 << 10), entropy: .system), committed: {})
        let site = SettlementSite(
            platform: platform, fixmedinsCode: Self.code, setlOptins: "330102",
            sender: PlatformCall.Sender(id: "hufu", name: "Hufu"),
            newMessageID: { [self] in newMessageID() }, signIns: signIns,
            alwaysCompared: compared)
        let desk = PlatformDesk(authority: authority, sites: [site], schedule: schedule)
        opened.withLock { $0 = (store, authority, desk) }
    }

    /// The end of the process: nothing more is written, whatever is under way.
    func crash() throws {
        try current().store.close()
        opened.withLock { $0 = nil }
    }

    func remove() {
        try? current().store.close()
        directory.remove()
    }

    static func run(
        seed: UInt64 = 1, percent: Int = 0, allowed: [PlatformTrouble] = PlatformTrouble.allCases,
        compared: [SettlementSite.Group] = SettlementStage.groups,
        _ body: (SettlementStage) async throws -> Void
    ) async throws {
        let stage = try await SettlementStage(
            seed: seed, percent: percent, allowed: allowed, compared: compared)
        do { try await body(stage) } catch {
            stage.remove()
            throw error
        }
        stage.remove()
    }

    func newMessageID() -> String {
        let number = messages.withLock { number in
            number += 1
            return number
        }
        let digits = String(number)
        return Self.code + ChinaTime.text(now, .compact).prefix(10)
            + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}
