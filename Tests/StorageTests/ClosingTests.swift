import Foundation
import Storage
import Testing

@Suite("Closing a store", .timeLimit(.minutes(10)))
struct ClosingTests {
    @Test("Writes that are on their way when it is closed succeed or fail, and nothing falls over")
    func underway() async throws {
        // So large that every commit wants its journal folded.
        let text = String(repeating: "x", count: 300_000)
        for _ in 0..<5 {
            let test = try TestStore()
            let store = test.store
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        var written = 0
                        for _ in 0..<40 {
                            do { try await store.write { try $0.set("key \(number)", to: text) } } catch {
                                return written
                            }
                            written += 1
                        }
                        return written
                    }
                }
                try await Task.sleep(for: .milliseconds(30))
                try store.close()
                for try await written in group { #expect(written <= 40) }
            }
            await #expect(throws: StorageError.self) {
                try await store.write { try $0.set("key", to: "late") }
            }
        }
    }
}
