import ActivationCodes
import Foundation
import Synchronization

/// Codes and bindings as the writer read them last: under load the same few are asked for again and again, and to
/// read one costs more than to append the entry.
///
/// Only transactions of the writer use it. A row that a transaction changed is forgotten at once and not kept
/// again before the next transaction, for the change may still be undone. What another connection commits
/// empties it.
final class RowCache: Sendable {
    private struct State {
        var codes: [Int: StoredCode] = [:]
        var indexes: [Data: Int] = [:]
        var bindings: [UUID: Binding] = [:]
        var changedCodes: Set<Int> = []
        var codesHaveChanged = false
        var bindingsHaveChanged = false
        var version = 0
    }

    /// About 2 KB a code with its binding.
    private static let capacity = 4096

    private let state = Mutex(State())

    /// A transaction begins. The version changes with what other connections commit (PRAGMA data_version).
    func begin(version: Int) {
        state.withLock { state in
            if state.version == version {
                if !state.changedCodes.isEmpty { state.changedCodes.removeAll() }
                state.codesHaveChanged = false
                state.bindingsHaveChanged = false
            } else {
                state = State()
                state.version = version
            }
        }
    }

    func code(index: Int) -> StoredCode? { state.withLock { $0.codes[index] } }

    func code(lookup: Data) -> StoredCode? {
        state.withLock { state in state.indexes[lookup].flatMap { state.codes[$0] } }
    }

    func keep(_ code: StoredCode, lookup: Data? = nil) {
        let index = code.code.index
        state.withLock { state in
            if state.codesHaveChanged || state.changedCodes.contains(index) { return }
            if state.codes.count >= Self.capacity || state.indexes.count >= Self.capacity {
                state.codes.removeAll(keepingCapacity: true)
                state.indexes.removeAll(keepingCapacity: true)
            }
            state.codes[index] = code
            if let lookup { state.indexes[lookup] = index }
        }
    }

    func forgetCode(index: Int) {
        state.withLock { state in
            state.codes[index] = nil
            state.changedCodes.insert(index)
        }
    }

    /// A batch came to be, or went.
    func forgetCodes() {
        state.withLock { state in
            state.codes.removeAll()
            state.indexes.removeAll()
            state.codesHaveChanged = true
        }
    }

    func binding(id: UUID) -> Binding? { state.withLock { $0.bindings[id] } }

    func keep(_ binding: Binding) {
        state.withLock { state in
            if state.bindingsHaveChanged { return }
            if state.bindings.count >= Self.capacity { state.bindings.removeAll(keepingCapacity: true) }
            state.bindings[binding.id] = binding
        }
    }

    /// Bindings change rarely, and one statement may change another binding than it names.
    func forgetBindings() {
        state.withLock { state in
            state.bindings.removeAll()
            state.bindingsHaveChanged = true
        }
    }
}
