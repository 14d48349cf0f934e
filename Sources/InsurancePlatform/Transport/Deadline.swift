import AsyncHTTPClient

/// Ends what takes too long.
enum Deadline {
    /// - Throws: `HTTPClientError.deadlineExceeded` when the time is over; the operation is cancelled then.
    static func within<Value: Sendable>(
        _ time: Duration, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: time)
                throw HTTPClientError.deadlineExceeded
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Cancels the operation when the time is over, and leaves it to the operation what comes of that: it alone
    /// knows how far it got.
    static func cancelling<Value: Sendable>(
        after time: Duration, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                // Cancelled when the operation was faster.
                try? await Task.sleep(for: time)
                return nil
            }
            while let finished = try await group.next() {
                group.cancelAll()
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }
}
