public import Foundation

/// Where the sealed token lies between two runs, and what keeps several replicas from refreshing at once. The
/// closures are those of one site and one replica.
public struct TokenStore: Sendable {
    public struct Stored: Sendable, Hashable {
        /// Nil before the first token.
        public var sealed: Data?
        /// Counts the writes.
        public var generation: Int64

        public init(sealed: Data?, generation: Int64) {
            self.sealed = sealed
            self.generation = generation
        }
    }

    public var load: @Sendable () async throws -> Stored
    /// Writes it durably as the generation after the one that is given; false, and nothing written, where the
    /// stored one is another.
    public var save: @Sendable (_ sealed: Data, _ replacing: Int64) async throws -> Bool
    /// Takes the right to refresh, until the moment given or until it is released; false where another replica
    /// has it. Both are unix milliseconds.
    public var lease: @Sendable (_ now: Int64, _ until: Int64) async throws -> Bool
    public var releaseLease: @Sendable () async throws -> Void

    public init(
        load: @escaping @Sendable () async throws -> Stored,
        save: @escaping @Sendable (_ sealed: Data, _ replacing: Int64) async throws -> Bool,
        lease: @escaping @Sendable (_ now: Int64, _ until: Int64) async throws -> Bool,
        releaseLease: @escaping @Sendable () async throws -> Void
    ) {
        self.load = load
        self.save = save
        self.lease = lease
        self.releaseLease = releaseLease
    }
}
