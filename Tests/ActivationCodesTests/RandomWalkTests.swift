import ActivationCodes
import Foundation
import Testing

/// One code and its twin, taking the same steps.
private struct Walk {
    var random: SeededGenerator
    var code: ActivationCode
    var twin: NaiveCode
    /// What the server would keep: the devices bound so far.
    var devices: [Device] = []
    var now = 0
    private let home = IPAddress("10.1.2.3")
    private let abroad = IPAddress("192.0.2.1")

    init(random: SeededGenerator) throws {
        var random = random
        let limit = Bool.random(using: &random) ? nil : Int.random(in: 1...6, using: &random)
        let fromIssue = Bool.random(using: &random)
        let (length, window) = (
            Int.random(in: 20...120, using: &random), Int.random(in: 5...40, using: &random)
        )
        let notBefore = Int.random(in: -2..<5, using: &random)
        let renewals = Int.random(in: 0...3, using: &random)
        let deviceLimit = Int.random(in: 1...3, using: &random)
        let isLocal = Int.random(in: 0..<4, using: &random) == 0
        let onlyKey = Int.random(in: 0..<8, using: &random) == 0 ? 1 : nil
        let policy = try Policy(
            name: "walk", duration: #require(ValidityPeriod("\(length)s")),
            durationStart: fromIssue ? .issue : .firstActivation,
            activateWithin: #require(ValidityPeriod("\(window)s")), usageLimit: limit,
            deviceLimit: deviceLimit,
            matching: .all, scopes: ["a"],
            addressRanges: isLocal ? [#require(AddressRange("10.0.0.0/8"))] : [],
            renewal: .init(count: renewals, period: ValidityPeriod("15s")))
        code = try ActivationCode(
            id: UUID(), index: 0, policy: policy, issuedAt: .day(),
            terms: .init(notBefore: .day(Double(notBefore)), bindingKey: onlyKey.map(Self.thumbprint)))
        twin = NaiveCode(
            limit: limit, notBefore: notBefore, windowEnd: window, end: fromIssue ? length : nil,
            length: length,
            renewals: renewals, renewalLength: 15, maxDevices: deviceLimit, onlyKey: onlyKey, home: isLocal)
        self.random = random
    }

    private static func thumbprint(_ key: Int) -> Data { Data(repeating: UInt8(key), count: 32) }

    private static func fingerprint(_ number: Int) throws -> DeviceFingerprint {
        try DeviceFingerprint(["machine_id": Data(repeating: UInt8(100 + number), count: 32)])
    }

    /// One step of both. Returns what was expected and what came.
    mutating func step() throws -> (expected: Set<String>, actual: Set<String>) {
        if Int.random(in: 0..<3, using: &random) == 0 { now += Int.random(in: 0...3, using: &random) }
        let atHome = Int.random(in: 0..<8, using: &random) > 0
        let claim = Claim(now: .day(Double(now)), address: atHome ? home : abroad)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<20:
            return (twin.activate(now, atHome: atHome), take(code.activating(claim)))
        case 20..<45:
            let (key, print) = (
                Int.random(in: 1...4, using: &random), Int.random(in: 0..<9, using: &random) / 8
            )
            let device = Device(keyThumbprint: Self.thumbprint(key), fingerprint: try Self.fingerprint(print))
            let actual = take(code.binding(device, among: devices, claim))
            if actual.isEmpty, !devices.contains(where: { $0.keyThumbprint == device.keyThumbprint }) {
                devices.append(device)
            }
            return (twin.bind(now, key: key, print: print, atHome: atHome), actual)
        case 45..<70:
            let key = Bool.random(using: &random) ? Int.random(in: 1...4, using: &random) : nil
            let print = Bool.random(using: &random) ? Int.random(in: 0..<9, using: &random) / 8 : nil
            let scope = Int.random(in: 0..<8, using: &random) > 0
            let device = key.flatMap { key in devices.first { $0.keyThumbprint == Self.thumbprint(key) } }
            let answer = code.validating(
                claim, device: device, presented: try print.map(Self.fingerprint),
                scopes: scope ? ["a"] : ["a", "b"])
            let expected = twin.validate(now, key: key, print: print, scope: scope, atHome: atHome)
            return (expected, take(answer))
        case 70..<84:
            let amount = Int.random(in: 0...3, using: &random)
            return (twin.use(now, amount, atHome: atHome), take(code.using(amount, claim)))
        case 84..<88: return (twin.renew(now), take(code.renewing(at: claim.now)))
        case 88..<92: return (twin.suspend(now), take(code.suspending(at: claim.now)))
        case 92..<98: return (twin.resume(now), take(code.resuming(at: claim.now)))
        case 98: return (twin.revoke(now), take(code.revoking(.superseded, at: claim.now)))
        default:
            let swept = code.expiring(at: claim.now)
            code = swept ?? code
            return (twin.sweep(now) ? ["swept"] : [], swept == nil ? [] : ["swept"])
        }
    }

    private mutating func take(_ result: Result<ActivationCode, Refusal>) -> Set<String> {
        switch result {
        case .success(let next):
            code = next
            return []
        case .failure(let refusal):
            return Set(refusal.checks.map(\.code.rawValue))
        }
    }

    /// Everything in which the two must agree after each step.
    var agrees: Bool {
        code.state.rawValue == twin.stage && code.suspendedFrom?.rawValue == twin.before
            && code.usedCount == twin.used && code.renewalsLeft == twin.renewals
            && code.expiresAt == twin.end.map { .day(Double($0)) }
            && code.effectiveState(at: .day(Double(now))).rawValue == twin.seen(now)
            && devices.count == twin.devices.count && (code.usageLimit.map { code.usedCount <= $0 } ?? true)
    }
}

@Suite("Random walks")
struct RandomWalkTests {
    @Test(
        "100,000 random steps agree with a naive twin", .timeLimit(.minutes(10)),
        arguments: [51, 52] as [UInt64])
    func walks(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var steps = 0
        var visited: Set<CodeState> = []
        var refusals: Set<String> = []
        while steps < 100_000 {
            var walk = try Walk(random: SeededGenerator(seed: random.next()))
            // Longer than most lives, so that final states are walked upon too.
            for _ in 0..<80 {
                let (expected, actual) = try walk.step()
                steps += 1
                refusals.formUnion(actual)
                visited.insert(walk.code.state)
                guard expected == actual, walk.agrees else {
                    Issue.record("seed \(seed), step \(steps): expected \(expected), got \(actual): \(walk)")
                    return
                }
            }
        }
        #expect(visited == Set(CodeState.allCases))
        // The walk must have met every refusal that a code itself can give.
        #expect(refusals.count == 16)
    }
}
