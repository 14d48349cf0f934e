import Dispatch
import Foundation
import Storage
import Synchronization
import Testing

@Suite("Durability and group commit")
struct DurabilityTests {
    @Test("The mode of synchronization reads back as FULL, also after the file is opened again")
    func synchronousIsFull() async throws {
        let test = try TestStore()
        #expect(try await test.store.synchronousMode() == 2)
        let again = try Store(path: test.path)
        #expect(try await again.synchronousMode() == 2)
        try again.close()
    }

    @Test("A closure that throws rolls back alone; its neighbors in the same commit stand")
    func throwsAlone() async throws {
        let test = try TestStore()
        let store = test.store
        let events = Events()
        let blocker = try await Blocker(store)
        let tasks = ["first", "second", "third"].map { name in
            Task.immediate {
                let stands = await succeeds {
                    try await store.write { transaction in
                        events.add("ran")
                        try transaction.set(name, to: "1")
                        if name == "second" { throw Deliberate() }
                    }
                }
                events.add("answered")
                return stands
            }
        }
        try await blocker.release()
        var answers: [Bool] = []
        for task in tasks { answers.append(await task.value) }
        #expect(answers.filter(\.self).count == 2)
        // All of them ran, perhaps again, before any answer left: they shared one transaction.
        #expect(events.all.suffix(3).allSatisfy { $0 == "answered" })
        #expect(events.all.dropLast(3).allSatisfy { $0 == "ran" } && events.all.count >= 6)
        let found = try await store.read { transaction in
            try ["first", "second", "third"].map { try transaction.setting($0) != nil }
        }
        #expect(found == [true, false, true])
    }

    @Test("What a closure throws comes back as it is")
    func errorsComeBack() async throws {
        let test = try TestStore()
        await #expect(throws: Deliberate.self) { try await test.store.write { _ in throw Deliberate() } }
    }

    @Test("An answer comes only after the commit: a second connection already sees the row")
    func answersAfterCommit() async throws {
        let test = try TestStore()
        let store = test.store
        let outsider = try Store(path: test.path)
        let events = Events()
        let blocker = try await Blocker(store)
        let slow = Task.immediate {
            try await store.write { transaction in
                try transaction.set("slow", to: "1")
                Thread.sleep(forTimeInterval: 0.2)
                events.add("slow ran")
            }
        }
        let quick = Task.immediate {
            try await store.write { try $0.set("quick", to: "1") }
            events.add("quick answered")
            return try await outsider.read { try $0.setting("quick") }
        }
        try await blocker.release()
        try await slow.value
        let seen = try await quick.value
        #expect(seen == "1")
        // They share a commit, so the quick one's answer had to wait for the slow one's work.
        #expect(events.all == ["slow ran", "quick answered"])
        try outsider.close()
    }

    @Test("Every one of 400 concurrent writers reads its own write", .timeLimit(.minutes(10)))
    func readYourWrites() async throws {
        let test = try TestStore()
        let store = test.store
        let missing = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask {
                    try await store.write { try $0.set("key \(number)", to: "\(number)") }
                    return try await store.read { try $0.setting("key \(number)") } != "\(number)"
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(missing == 0)
    }

    @Test("What was acknowledged is there when the file is opened again")
    func survivesReopening() async throws {
        let test = try TestStore()
        try await test.store.write { try $0.set("kept", to: "yes") }
        try test.store.close()
        let again = try Store(path: test.path)
        #expect(try await again.read { try $0.setting("kept") } == "yes")
        try again.close()
    }

    @Test("A closed store refuses and does not hang", .timeLimit(.minutes(10)))
    func closed() async throws {
        let test = try TestStore()
        try test.store.close()
        await #expect(throws: StorageError.closed) { try await test.store.write { try $0.set("a", to: "b") } }
        await #expect(throws: StorageError.closed) { try await test.store.read { try $0.setting("a") } }
    }
}

/// Keeps the writer busy until it is released, so that all that is handed in meanwhile shares a commit. What
/// starts by `Task.immediate` is handed in when that call returns.
private struct Blocker: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let task: Task<Void, any Error>

    /// Returns when the writer is blocked.
    init(_ store: Store) async throws {
        let gate = gate
        let events = Events()
        task = Task.immediate {
            try await store.write { _ in
                events.add("blocked")
                gate.wait()
            }
        }
        while events.all.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    }

    func release() async throws {
        gate.signal()
        try await task.value
    }
}

private func succeeds(_ work: () async throws -> Void) async -> Bool {
    do {
        try await work()
        return true
    } catch {
        return false
    }
}

private final class Events: Sendable {
    private let list = Mutex<[String]>([])

    var all: [String] { list.withLock { $0 } }

    func add(_ event: String) { list.withLock { $0.append(event) } }
}
