import InsurancePlatform
import Synchronization

/// What goes wrong with a call between here and the platform.
enum PlatformTrouble: String, Sendable, CaseIterable {
    case notSent, lostBefore, lostAfter, errorBefore, errorAfter, unreadable, systemErrorBefore,
        systemErrorAfter
    /// It was given up here, and is carried out later.
    case late
    /// It is carried out twice.
    case twice
    /// It is carried out, and answered with a refusal.
    case liar
    /// It is refused for who asks, whatever it asks.
    case refused
}

/// A platform behind a bad line. What happens to a call follows from the seed and the call's identifier alone, so
/// that a run can be repeated whatever the order of its tasks.
final class FaultyPlatform: Platform {
    private struct Late {
        var due: Int64
        var call: PlatformCall
    }

    private struct State {
        var late: [Late] = []
        /// For calls in order, before the dice are thrown.
        var script: [String: [PlatformTrouble?]] = [:]
        var percent: Int
        var troubles: [PlatformTrouble: Int] = [:]
        var allowed: [PlatformTrouble]
        /// Nil holds none, an empty one all.
        var held: Set<String>?
        var refused: Set<String> = []
        var heldAnswers: Set<String> = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let ledger: LedgerPlatform
    private let seed: UInt64
    private let clock: @Sendable () -> Int64
    /// A copy may come late by so much at most, in milliseconds.
    private let latest: Int64
    private let state: Mutex<State>

    init(
        _ ledger: LedgerPlatform, seed: UInt64 = 1, percent: Int = 0, latest: Int64 = 300_000,
        allowed: [PlatformTrouble] = PlatformTrouble.allCases, clock: @escaping @Sendable () -> Int64
    ) {
        self.ledger = ledger
        self.seed = seed
        self.latest = latest
        self.clock = clock
        state = Mutex(State(percent: percent, allowed: allowed))
    }

    /// The next calls of a transaction meet these, in order; nil is none.
    func script(_ infno: String, _ troubles: PlatformTrouble?...) {
        state.withLock { $0.script[infno, default: []] += troubles }
    }

    /// From now on these transactions are refused, and no others.
    func refuse(_ infnos: Set<String>) { state.withLock { $0.refused = infnos } }

    /// Calls wait on their way until they are let go: those of some transactions, or all.
    func hold(_ infnos: String...) { state.withLock { $0.held = Set(infnos) } }

    /// Calls of these transactions are carried out, and their answers wait until they are let go.
    func holdAnswers(_ infnos: String...) { state.withLock { $0.heldAnswers = Set(infnos) } }

    /// Lets those go that have waited longest, and holds further ones.
    func letGo(allBut count: Int) {
        let waiting = state.withLock { state in
            let waiting = state.waiting.dropLast(count)
            state.waiting.removeFirst(waiting.count)
            return waiting
        }
        for call in waiting { call.resume() }
    }

    var heldCount: Int { state.withLock { $0.waiting.count } }

    func letGo() {
        let waiting = state.withLock { state in
            state.held = nil
            state.heldAnswers = []
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call.resume() }
    }

    var troubles: [PlatformTrouble: Int] { state.withLock { $0.troubles } }

    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let kind = CallClass(infno: call.infno)
        await wait { state in state.held.map { $0.isEmpty || $0.contains(call.infno) } ?? false }
        let trouble = state.withLock { state -> PlatformTrouble? in
            var trouble = chance(call, state)
            if state.script[call.infno]?.isEmpty == false {
                trouble = state.script[call.infno]?.removeFirst()
            }
            if state.refused.contains(call.infno) { trouble = .refused }
            if let trouble { state.troubles[trouble, default: 0] += 1 }
            return trouble
        }
        switch trouble {
        case .notSent: throw .notSent(.unreachable, detail: "")
        case .lostBefore: throw .unknown(.connectionLost, detail: "")
        case .errorBefore: throw .unknown(.serverError, detail: "")
        case .systemErrorBefore: return PlatformAnswer(infcode: -1, refMessageID: "")
        case .refused: return PlatformAnswer(infcode: 1006, refMessageID: "", message: "sign in first")
        case .late:
            let due = clock() + Int64(dice(call.msgid, 7) % UInt64(latest))
            state.withLock { $0.late.append(Late(due: due, call: call)) }
            throw .unknown(.timeout, detail: "")
        case nil, .lostAfter, .errorAfter, .unreadable, .systemErrorAfter, .twice, .liar: break
        }
        let answer = try await ledger.carry(call)
        await wait { $0.heldAnswers.contains(call.infno) }
        switch trouble {
        case .lostAfter: throw .unknown(.connectionLost, detail: "")
        case .errorAfter: throw .unknown(.serverError, detail: "")
        case .unreadable: throw .unknown(.unreadableAnswer, detail: "")
        case .systemErrorAfter: return PlatformAnswer(infcode: -1, refMessageID: "")
        case .twice: _ = try await ledger.carry(call)
        case .liar where kind == .money && answer.isSuccess:
            return PlatformAnswer(infcode: 99, refMessageID: "", message: "no")
        default: break
        }
        return answer
    }

    private func wait(_ waits: (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                let isHeld = waits(state)
                if isHeld { state.waiting.append(continuation) }
                return isHeld
            }
            if !isHeld { continuation.resume() }
        }
    }

    /// Carries out what comes late, as far as its time has come.
    func deliver() async throws {
        let now = clock()
        let due = state.withLock { state in
            let due = state.late.filter { $0.due <= now }
            state.late.removeAll { $0.due <= now }
            return due
        }
        for late in due { _ = try await ledger.carry(late.call) }
    }

    private func chance(_ call: PlatformCall, _ state: State) -> PlatformTrouble? {
        guard state.percent > 0, dice(call.msgid, 1) % 100 < UInt64(state.percent) else { return nil }
        return state.allowed[Int(dice(call.msgid, 2) % UInt64(state.allowed.count))]
    }

    private func dice(_ msgid: String, _ salt: UInt64) -> UInt64 {
        var value = seed &* 0x9E37_79B9_7F4A_7C15 &+ salt
        for byte in msgid.utf8 {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
            value ^= value >> 29
        }
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        return value ^ (value >> 31)
    }
}
