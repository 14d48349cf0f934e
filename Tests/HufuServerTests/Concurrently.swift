/// Runs the work that many times at once; what each gave, in the order of the numbers.
func concurrently<Value: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (Int) async throws -> Value
) async throws -> [Value] {
    try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        for number in 0..<count { group.addTask { (number, try await work(number)) } }
        let values = try await group.reduce(into: [Int: Value]()) { $0[$1.0] = $1.1 }
        return (0..<count).compactMap { values[$0] }
    }
}
