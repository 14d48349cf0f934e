import ActivationCodes
import Foundation
import Testing

@Suite("Decisions")
struct DecisionTests {
    private static func code(
        usageLimit: Int? = nil, deviceLimit: Int = 1, start: Policy.DurationStart = .issue,
        matching: FingerprintMatching = .any, terms: ActivationCode.Terms = .init()
    ) throws -> ActivationCode {
        let policy = try Policy(
            name: "p", duration: #require(ValidityPeriod("P90D")), durationStart: start,
            usageLimit: usageLimit,
            deviceLimit: deviceLimit, matching: matching, scopes: ["claim.read"],
            renewal: .init(count: 1, period: ValidityPeriod("P1M")))
        return try ActivationCode(id: UUID(), index: 0, policy: policy, issuedAt: .day(), terms: terms)
    }

    private static func device(_ number: UInt8, components: Int = 3) throws -> Device {
        let hashes = (0..<components).map { ("c\($0)", Data(repeating: number, count: 32)) }
        return Device(
            keyThumbprint: Data(repeating: number, count: 32),
            fingerprint: try DeviceFingerprint(Dictionary(uniqueKeysWithValues: hashes)))
    }

    private static func reasons(_ result: Result<ActivationCode, Refusal>) -> [Refusal.Code] {
        guard case .failure(let refusal) = result else { return [] }
        return refusal.checks.map(\.code)
    }

    private let soon = Claim(now: .day(60), address: nil)

    @Test("the last use exhausts; bound devices go on and a further one may bind, nobody activates or uses")
    func exhaustion() throws {
        let active = try Self.code(usageLimit: 2, deviceLimit: 2).activating(soon).get()
        let (first, second) = (try Self.device(1), try Self.device(2))
        let bound = try active.binding(first, among: [], soon).get()
        #expect(bound.state == .bound)
        let exhausted = try bound.activating(soon).get()
        #expect(exhausted.state == .exhausted)
        #expect(exhausted.usedCount == 2)
        #expect(Self.reasons(exhausted.activating(soon)) == [.exhausted])
        #expect(Self.reasons(exhausted.using(1, soon)) == [.exhausted])
        #expect(
            Self.reasons(exhausted.validating(soon, device: nil, presented: nil, scopes: [])) == [.exhausted])
        let answer = exhausted.validating(
            soon, device: first, presented: first.fingerprint, scopes: ["claim.read"])
        #expect(try answer.get() == exhausted)
        #expect(try exhausted.binding(second, among: [first], soon).get().state == .exhausted)
        #expect(
            Self.reasons(exhausted.binding(try Self.device(3), among: [first, second], soon)) == [
                .deviceLimit
            ])
        #expect(try exhausted.binding(first, among: [first, second], soon).get() == exhausted)
    }

    @Test("metered use is all or nothing and says what is left")
    func metering() throws {
        let active = try Self.code(usageLimit: 10).activating(soon).get()
        let used = try active.using(6, soon).get()
        guard case .failure(let refusal) = used.using(4, soon) else {
            Issue.record("used past the limit")
            return
        }
        #expect(refusal == Refusal(.exhausted, detail: "3 of 10 left"))
        #expect(try used.using(3, soon).get().state == .exhausted)
        #expect(Self.reasons(used.using(0, soon)) == [.illegalTransition])
        #expect(Self.reasons(used.using(.min, soon)) == [.illegalTransition])
        #expect(Self.reasons(used.using(.max, soon)) == [.exhausted])
        let unlimited = try Self.code().activating(soon).get()
        #expect(Self.reasons(unlimited.using(.max, soon)) == [.exhausted])
    }

    @Test(
        "every failed check is listed, and an expired code says until when it was valid"
    )
    func allChecks() throws {
        let range = try #require(AddressRange("10.0.0.0/8"))
        let code = try Self.code(terms: .init(addressRanges: [range]))
            .activating(Claim(now: .day(), address: IPAddress("10.0.0.1"))).get()
        let late = Claim(now: .day(90 * 86_400), address: nil)
        let answer = code.validating(
            late, device: nil, presented: nil, scopes: ["x", "a", "claim.read", "\n"])
        guard case .failure(let refusal) = answer else {
            Issue.record("permitted")
            return
        }
        #expect(refusal.reason == .expired)
        #expect(
            refusal.checks == [
                .init(.expired), .init(.addressNotAllowed), .init(.scopeNotGranted, detail: "needs a, x"),
            ])
        #expect(refusal.validUntil == .day(90 * 86_400))
    }

    @Test("the same is refused before and after the sweep")
    func softAndHard() throws {
        for start in Policy.DurationStart.allCases {
            let pending = try Self.code(start: start)
            let late = Claim(now: .day(72 * 3600), address: nil)
            #expect(pending.effectiveState(at: .day(72 * 3600 - 0.001)) == .pending)
            #expect(pending.expiring(at: .day(72 * 3600 - 0.001)) == nil)
            let swept = try #require(pending.expiring(at: late.now))
            #expect(swept.state == .expired)
            #expect(swept.expiring(at: late.now) == nil)
            #expect(Self.reasons(pending.activating(late)) == [.activationWindowPassed])
            #expect(Self.reasons(swept.activating(late)) == [.activationWindowPassed])
            #expect(Self.reasons(swept.revoking(.superseded, at: late.now)) == [.activationWindowPassed])
        }
    }

    @Test("a duration may begin with the first activation, and never again")
    func firstActivation() throws {
        let pending = try Self.code(start: .firstActivation)
        #expect(pending.expiresAt == nil)
        let active = try pending.activating(Claim(now: .day(100), address: nil)).get()
        #expect(active.expiresAt == .day(100 + 90 * 86_400))
        let again = try active.activating(Claim(now: .day(5_000), address: nil)).get()
        #expect(again.expiresAt == active.expiresAt)
        #expect(again.usedCount == 2)
    }

    @Test("a renewal counts from the end of the validity, and only as often as granted")
    func renewal() throws {
        let active = try Self.code().activating(soon).get()
        #expect(Self.reasons(try Self.code().renewing(at: .day())) == [.notActivated])
        let renewed = try active.renewing(at: .day(86_400)).get()
        // 2026-01-01 and 90 days is 2026-04-01; a month later.
        #expect(try renewed.expiresAt == Date("2026-05-01T00:00:00Z"))
        #expect(Self.reasons(renewed.renewing(at: .day())) == [.renewalsUsedUp])
        #expect(Self.reasons(active.renewing(at: .day(90 * 86_400))) == [.expired])
    }

    @Test("a suspended code returns to where it was, in time only")
    func suspension() throws {
        let bound = try Self.code().activating(soon).get().binding(Self.device(1), among: [], soon).get()
        let suspended = try bound.suspending(at: .day(70)).get()
        #expect(suspended.suspendedFrom == .bound)
        #expect(Self.reasons(suspended.suspending(at: .day(80))) == [.suspended])
        #expect(Self.reasons(suspended.activating(soon)) == [.suspended])
        #expect(try suspended.resuming(at: .day(80)).get() == bound)
        #expect(Self.reasons(bound.resuming(at: .day(80))) == [.notSuspended])
        #expect(Self.reasons(suspended.resuming(at: .day(90 * 86_400))) == [.expired])
        #expect(try suspended.revoking(.keyCompromise, at: .day(80)).get().suspendedFrom == nil)
    }

    @Test("revocation is final and names its reason; a hold is no revocation")
    func revocation() throws {
        let active = try Self.code().activating(soon).get()
        let revoked = try active.revoking(.keyCompromise, at: .day(70)).get()
        #expect(revoked.revocation == .init(reason: .keyCompromise, at: .day(70)))
        #expect(revoked.effectiveState(at: .distantFuture) == .revoked)
        #expect(revoked.expiring(at: .distantFuture) == nil)
        guard case .failure(let refusal) = revoked.activating(soon) else {
            Issue.record("activated")
            return
        }
        #expect(refusal.checks == [.init(.revoked, detail: "key_compromise")])
        #expect(Self.reasons(revoked.resuming(at: .day(80))) == [.revoked])
        #expect(Self.reasons(active.revoking(.certificateHold, at: .day(80))) == [.illegalTransition])
    }

    @Test("a code for one key binds that key only, and a key only from its own machine")
    func bindingKey() throws {
        let (own, other) = (try Self.device(1), try Self.device(2))
        let code = try Self.code(deviceLimit: 2, terms: .init(bindingKey: own.keyThumbprint)).activating(soon)
            .get()
        #expect(Self.reasons(code.binding(other, among: [], soon)) == [.bindingKeyMismatch])
        let bound = try code.binding(own, among: [], soon).get()
        let moved = Device(keyThumbprint: own.keyThumbprint, fingerprint: other.fingerprint)
        #expect(Self.reasons(bound.binding(moved, among: [own], soon)) == [.deviceMismatch])
        let foreign = bound.validating(soon, device: nil, presented: other.fingerprint, scopes: [])
        #expect(Self.reasons(foreign) == [.deviceMismatch])
    }

    @Test("a fingerprint too small for its rule doesn't bind")
    func smallFingerprint() throws {
        let active = try Self.code(matching: .two).activating(soon).get()
        #expect(
            Self.reasons(active.binding(try Self.device(1, components: 1), among: [], soon)) == [
                .deviceMismatch
            ])
        #expect(try active.binding(Self.device(1, components: 2), among: [], soon).get().state == .bound)
    }
}
