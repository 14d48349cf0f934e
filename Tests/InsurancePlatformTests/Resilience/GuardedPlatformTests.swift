import InsurancePlatform
import Synchronization
import Testing

@Suite("A guarded platform", .timeLimit(.minutes(10)))
struct GuardedPlatformTests {
    private let base = ScriptedPlatform()
    private let pauses = Pauses()

    private final class Pauses: Sendable {
        private let list = Mutex<[Int64]>([])
        var all: [Int64] { list.withLock { $0 } }
        func add(_ pause: Int64) { list.withLock { $0.append(pause) } }
    }

    private func guarded(_ policy: GuardPolicy = .standard, now: Int64 = 0) -> GuardedPlatform {
        GuardedPlatform(base, policy: policy, clock: { now }, pause: { [pauses] in pauses.add($0) })
    }

    private func call(_ infno: String) -> PlatformCall {
        PlatformCall(
            infno: infno, msgid: "M", sender: PlatformCall.Sender(id: "1", name: "1"), input: [:])
    }

    @Test("A query is repeated with growing pauses")
    func repeats() async throws {
        base.script(
            .failure(.unknown(.timeout, detail: "")), .failure(.notSent(.unreachable, detail: "")))
        let platform = guarded()
        #expect(try await platform.carry(call("1101")) == ScriptedPlatform.answer)
        #expect(base.carried.count == 3 && pauses.all == [100, 200])
        #expect(platform.metrics.lanes[.query]?.retries == 2)
        base.fail(.unknown(.serverError, detail: ""), times: 9)
        await #expect(throws: PlatformFailure.unknown(.serverError, detail: "")) {
            try await platform.carry(call("1101"))
        }
        #expect(base.carried.count == 6)
    }

    @Test(
        "Nothing else is ever repeated",
        arguments: ["2207", "2208", "2304", "2305", "2401", "2601", "5203", "2201", "2204", "3201", "9101"])
    func never(infno: String) async throws {
        for failure in [
            PlatformFailure.unknown(.serverError, detail: ""), .unknown(.timeout, detail: ""),
            .notSent(.unreachable, detail: ""),
        ] {
            let base = ScriptedPlatform()
            base.fail(failure, times: 1)
            let platform = GuardedPlatform(base, clock: { 0 }, pause: { _ in })
            await #expect(throws: failure) { try await platform.carry(call(infno)) }
            #expect(base.carried == [infno])
        }
    }

    @Test("What asking again can't help is not repeated, and doesn't count against the platform")
    func hopeless() async throws {
        let reasons: [PlatformFailure.Reason] = [.rejected, .unauthorized, .noToken, .badRequest]
        let platform = guarded()
        for reason in reasons {
            base.fail(.notSent(reason, detail: ""), times: 20)
            for _ in 0..<20 { _ = try? await platform.carry(call("1101")) }
        }
        #expect(base.carried.count == 80 && pauses.all.isEmpty)
        #expect(platform.metrics.lanes[.query]?.phase == .closed)
    }

    @Test("Business refusals are answers: they never open a circuit")
    func refusals() async throws {
        let platform = guarded()
        for _ in 0..<50 {
            base.script(.success(PlatformAnswer(infcode: -1, refMessageID: "")))
            _ = try await platform.carry(call("2207"))
        }
        #expect(platform.metrics.lanes[.money]?.phase == .closed)
        #expect(platform.metrics.lanes[.money]?.refused == 50)
    }

    @Test("An open circuit of money stops money, and nothing else")
    func lanes() async throws {
        let platform = guarded()
        base.fail(.unknown(.serverError, detail: ""), times: 10)
        for _ in 0..<10 { _ = try? await platform.carry(call("2207")) }
        let sent = base.carried.count
        await #expect {
            try await platform.carry(call("2304"))
        } throws: {
            guard case .notSent(.circuitOpen, _)? = $0 as? PlatformFailure else { return false }
            return true
        }
        #expect(base.carried.count == sent, "it was sent all the same")
        for infno in ["5203", "2601", "1101", "2204"] { _ = try await platform.carry(call(infno)) }
        let text = platform.metrics.text
        #expect(text.contains("hufu_platform_circuit_open{class=\"money\"} 1\n"))
        #expect(text.contains("hufu_platform_circuit_open{class=\"recovery\"} 0\n"))
        #expect(
            text.contains("hufu_platform_calls_total{class=\"money\",outcome=\"circuit_open\"} 1\n"))
        #expect(text.contains("hufu_platform_call_seconds_count{class=\"money\"} 10\n"))
    }

    @Test("A class takes as many calls at once as it may, and refuses the others unsent")
    func bulkhead() async throws {
        let platform = guarded(GuardPolicy(limits: [.money: 3, .recovery: 1]))
        base.hold()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 { group.addTask { _ = try await platform.carry(call("2207")) } }
            while base.carried.count < 3 { await Task.yield() }
            await #expect {
                try await platform.carry(call("2207"))
            } throws: {
                guard case .notSent(.overloaded, _)? = $0 as? PlatformFailure else { return false }
                return true
            }
            group.addTask { _ = try await platform.carry(call("5203")) }
            while base.carried.count < 4 { await Task.yield() }
            #expect(platform.metrics.lanes[.money]?.inFlight == 3)
            base.letGo()
            try await group.waitForAll()
        }
        _ = try await platform.carry(call("2207"))
        #expect(platform.metrics.lanes[.money]?.inFlight == 0)
    }
}
