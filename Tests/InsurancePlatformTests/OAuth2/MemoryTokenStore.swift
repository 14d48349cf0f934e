import Foundation
import InsurancePlatform
import Synchronization

/// The store of one site in memory, for several replicas: what Storage does in SQL.
final class MemoryTokenStore: Sendable {
    struct State {
        var stored = TokenStore.Stored(sealed: nil, generation: 0)
        var owner: String?
        var until: Int64 = 0
        var isBroken = false
        var writes = 0
    }

    struct Broken: Error {}

    let state = Mutex(State())

    func replica(_ owner: String) -> TokenStore {
        TokenStore(
            load: { try self.change { $0.stored } },
            save: { sealed, generation in
                try self.change { state in
                    guard state.stored.generation == generation else { return false }
                    state.stored = TokenStore.Stored(sealed: sealed, generation: generation + 1)
                    state.writes += 1
                    return true
                }
            },
            lease: { now, until in
                try self.change { state in
                    guard state.owner == nil || state.owner == owner || state.until <= now else {
                        return false
                    }
                    (state.owner, state.until) = (owner, until)
                    return true
                }
            },
            releaseLease: {
                try self.change { state in if state.owner == owner { state.owner = nil } }
            })
    }

    private func change<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try state.withLock { state in
            guard !state.isBroken else { throw Broken() }
            return try body(&state)
        }
    }
}
