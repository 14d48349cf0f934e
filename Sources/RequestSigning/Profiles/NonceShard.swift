import Synchronization

/// The part of a ``NonceWindow`` under one lock: the fingerprints whose highest bits are the shard's number.
final class NonceShard: Sendable {
    static let indexBits = 6
    static let count = 1 << indexBits
    /// How many seconds of expiry share a slot, and so how much longer than due a nonce may stay used.
    static let slotSeconds: Int64 = 60

    private struct Slot {
        var minute: Int64 = .min
        var used = FingerprintSet()
    }

    private struct State {
        var slots: [Slot]
        var count = 0
        /// Slots that expired before this minute are empty.
        var cleaned: Int64 = .min
    }

    private let limit: Int
    private let state: Mutex<State>

    init(limit: Int, lifetime: Int) {
        self.limit = limit
        // The minutes in which something alive may expire, the current one included.
        let slots = lifetime / Int(Self.slotSeconds) + 2
        state = Mutex(State(slots: Array(repeating: Slot(), count: slots)))
    }

    static func index(of fingerprint: UInt64) -> Int {
        Int(truncatingIfNeeded: fingerprint >> UInt64(64 - indexBits))
    }

    var count: Int { state.withLock { $0.count } }
    var byteCount: Int { state.withLock { $0.slots.reduce(0) { $0 + $1.used.byteCount } } }

    /// - Parameters:
    ///   - expires: the last unix second of the nonce's use.
    ///   - now: unix seconds.
    ///   - isLoaded: whether it was used elsewhere; a later replay is told so.
    func admit(
        _ fingerprint: UInt64, expires: Int64, now: Int64, isLoaded: Bool = false
    ) -> NonceWindow.Admission {
        let number = max(fingerprint & ~FingerprintSet.mark, 2)
        let fingerprint = isLoaded ? number | FingerprintSet.mark : number
        let minute = Self.minute(expires)
        let current = Self.minute(now)
        return state.withLock { state in
            Self.clean(&state, before: current)
            for index in state.slots.indices {
                let entry = state.slots[index].used.entry(fingerprint)
                if entry != 0 { return entry & FingerprintSet.mark == 0 ? .replayed : .replayedElsewhere }
            }
            let turn = Int64(state.slots.count)
            let place = Int((minute % turn + turn) % turn)
            guard state.count < limit, minute >= current,
                state.slots[place].used.count == 0 || state.slots[place].minute == minute
            else { return .full }
            state.slots[place].minute = minute
            state.slots[place].used.insert(fingerprint)
            state.count += 1
            return .admitted
        }
    }

    /// Lets go of the slots that have expired: once a minute, whoever comes first.
    private static func clean(_ state: inout State, before minute: Int64) {
        guard minute > state.cleaned else { return }
        state.cleaned = minute
        for index in state.slots.indices where state.slots[index].minute < minute {
            state.count -= state.slots[index].used.count
            state.slots[index].used = FingerprintSet()
        }
    }

    private static func minute(_ seconds: Int64) -> Int64 {
        seconds / slotSeconds - (seconds % slotSeconds < 0 ? 1 : 0)
    }
}
