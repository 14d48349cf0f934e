import Storage
import Synchronization

/// The signing keys in use, parsed and derived once, at most `capacity` of them: those unused longest go first.
///
/// A key that is revoked here is forgotten before the revocation is answered. A load that began before that
/// must not bring it back, which the count of changes tells.
package final class DeviceKeyRing: Sendable {
    private struct State {
        /// Used since the last turn, and before it: two generations stand for an order by use.
        var recent: [String: DeviceKey] = [:]
        var older: [String: DeviceKey] = [:]
        var changes = 0
    }

    private let half: Int
    private let state = Mutex(State())

    package init(capacity: Int = 20_000) { half = capacity / 2 }

    /// How many keys are held, at most the capacity.
    package var count: Int { state.withLock { $0.recent.count + $0.older.count } }

    package func key(id: String) -> DeviceKey? {
        state.withLock { state in
            if let key = state.recent[id] { return key }
            guard let key = state.older.removeValue(forKey: id) else { return nil }
            insert(key, &state)
            return key
        }
    }

    /// To be noted before a key is loaded, and given back with it.
    package var changes: Int { state.withLock { $0.changes } }

    package func keep(_ key: DeviceKey, loadedAt changes: Int) {
        state.withLock { state in
            if state.changes == changes { insert(key, &state) }
        }
    }

    package func forget(id: String) {
        state.withLock { state in
            state.changes += 1
            state.recent[id] = nil
            state.older[id] = nil
        }
    }

    private func insert(_ key: DeviceKey, _ state: inout State) {
        if state.recent.count >= half {
            state.older = state.recent
            state.recent = [:]
        }
        state.recent[key.stored.id] = key
    }
}
