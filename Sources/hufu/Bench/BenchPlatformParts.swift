import Foundation
import HufuServer
import InsurancePlatform
import Synchronization

/// What a call to the platform needs on its way: the token, and the envelope.
enum BenchPlatformParts {
    private static let callers = 10_000

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let sandbox = try await SandboxProcess(directory: directory + "/tokens")
        defer { sandbox.end() }
        let shift = ClockShift()
        let direct = try DirectPlatform(sandbox.settings) { DirectPlatform.milliseconds() + shift.now }
        let figures: [BenchFigure]
        do {
            figures = [try await get(direct.tokens), try await expiry(direct, shift)]
        } catch {
            try? await direct.shutDown()
            throw error
        }
        try await direct.shutDown()
        return figures + (try envelopes(sandbox.settings.site))
    }

    // MARK: Tokens

    private static func get(_ tokens: TokenCache) async throws -> BenchFigure {
        let guarded = GuardedText(try await tokens.token())
        var rounds: (ours: [Double], theirs: [Double]) = ([], [])
        let calls = 100_000
        var bytes = 0
        for _ in 0..<9 {
            let ours = try await timed {
                for _ in 0..<calls { bytes &+= try await tokens.token().utf8.count }
            }
            let theirs = await timed { for _ in 0..<calls { bytes &+= guarded.value.utf8.count } }
            rounds.ours.append(ours * 1e6 / Double(calls))
            rounds.theirs.append(theirs * 1e6 / Double(calls))
        }
        guard bytes > 0 else { throw CommandFailure(.environment, "error: the token is empty") }
        return BenchFigure(
            name: "token.get", value: rounds.ours.quantile(0.5), unit: "ns",
            yardstick: "ns to read a text that a Mutex guards", yardstickValue: rounds.theirs.quantile(0.5))
    }

    /// Everybody asks at the moment of expiry, of the sandbox's own authorization server.
    private static func expiry(_ direct: DirectPlatform, _ shift: ClockShift) async throws -> BenchFigure {
        _ = try await direct.tokens.token()
        let before = direct.renewals.count.load(ordering: .relaxed)
        shift.add(3_600_000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers { group.addTask { _ = try await direct.tokens.token() } }
            try await group.waitForAll()
        }
        let requests = direct.renewals.count.load(ordering: .relaxed) - before
        return BenchFigure(
            name: "token.expiry", value: Double(requests), unit: "requests",
            yardstick: "requests allowed to \(callers) callers at the moment of expiry", yardstickValue: 1)
    }

    // MARK: Envelopes

    private static func envelopes(_ site: FsiSite) throws -> [BenchFigure] {
        let now: Int64 = 1_800_000_000_000
        var site = site
        site.devNo = "HUFU-BENCH-0001"
        site.devSafeInfo = String(repeating: "0123456789ABCDEF", count: 15)
        let call = try settlement(site, now)
        let envelope = try FsiEnvelope.encode(call, site: site, now: now)
        let data = Data(envelope)
        let object = try JSONSerialization.jsonObject(with: data)
        let encoding = perCall(
            { _ = try? FsiEnvelope.encode(call, site: site, now: now) },
            { _ = try? JSONSerialization.data(withJSONObject: object) })
        let parsing = perCall(
            { _ = try? FsiRequest(parsing: envelope) },
            { _ = try? JSONSerialization.jsonObject(with: data) })
        return [("encode", "write", encoding), ("parse", "parse", parsing)].map { name, verb, taken in
            BenchFigure(
                name: "fsi.envelope.\(name)", value: taken.0 * 1e6, unit: "µs",
                yardstick: "µs of Foundation's JSONSerialization to \(verb) the same \(envelope.count) bytes",
                yardstickValue: taken.1 * 1e6)
        }
    }

    /// 2207, about 1 KB with its envelope.
    private static func settlement(_ site: FsiSite, _ now: Int64) throws -> PlatformCall {
        var request = SettlementRequest(
            psnNo: "44019999000000000001", mdtrtCertType: "03", mdtrtCertNo: "HF00000001", medType: "11",
            medfeeSumamt: ExactDecimal(units: 5333, scale: 2), mdtrtID: "44M000000000000001",
            chrgBchno: "B1", acctUsedFlag: "1", insutype: "310")
        request.invono = "INV-2026-0000001"
        return PlatformCall(
            Settlement(request),
            msgid: try MessageID(fixmedinsCode: site.fixmedinsCode, second: now / 1000, sequence: 1).text,
            sender: PlatformCall.Sender(id: "2026", name: "收费员"), insuplcAdmdvs: site.mdtrtareaAdmvs)
    }
}

private final class ClockShift: Sendable {
    private let milliseconds = Atomic<Int64>(0)

    var now: Int64 { milliseconds.load(ordering: .relaxed) }

    func add(_ milliseconds: Int64) { self.milliseconds.add(milliseconds, ordering: .relaxed) }
}

private final class GuardedText: Sendable {
    private let text: Mutex<String>

    init(_ text: String) { self.text = Mutex(text) }

    var value: String { text.withLock { $0 } }
}
