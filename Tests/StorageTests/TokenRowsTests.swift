import Foundation
import InsurancePlatform
import Storage
import Testing

@Suite("The platform's token in the database")
struct TokenRowsTests {
    private static func store() async throws -> TestStore {
        let test = try TestStore()
        try await test.store.write { transaction in
            let known = try transaction.rows("SELECT 1 FROM sqlite_master WHERE name = 'platform_token'")
            if known.isEmpty { try transaction.run(platformTokensSchema) }
        }
        return test
    }

    @Test("A token is written only over the generation that its writer knew")
    func generations() async throws {
        let test = try await Self.store()
        let tokens = TokenStore(test.store, site: "s", owner: "a")
        #expect(try await tokens.load() == .init(sealed: nil, generation: 0))
        #expect(try await tokens.save(Data([1]), 0))
        #expect(try await tokens.save(Data([2]), 0) == false)
        #expect(try await tokens.save(Data([2]), 2) == false)
        #expect(try await tokens.save(Data([2]), 1))
        #expect(try await tokens.load() == .init(sealed: Data([2]), generation: 2))
        let other = TokenStore(test.store, site: "t", owner: "a")
        #expect(try await other.load().generation == 0)
    }

    @Test("One replica at a time has the lease: until it gives it back, or it runs out")
    func leases() async throws {
        let test = try await Self.store()
        let one = TokenStore(test.store, site: "s", owner: "a")
        let two = TokenStore(test.store, site: "s", owner: "b")
        #expect(try await one.lease(1000, 2000))
        #expect(try await two.lease(1999, 3000) == false)
        #expect(try await one.lease(1500, 2500), "its owner may prolong it")
        #expect(try await two.lease(2000, 3000) == false)
        try await two.releaseLease()
        #expect(try await two.lease(2000, 3000) == false, "nobody gives back what is another's")
        #expect(try await two.lease(2500, 3500))
        try await two.releaseLease()
        #expect(try await one.lease(2501, 3000))
        #expect(try await one.save(Data([1]), 0), "a lease alone is no token")
        #expect(try await one.load() == .init(sealed: Data([1]), generation: 1))
    }

    @Test("Of fifty who want the lease at once one gets it")
    func race() async throws {
        let test = try await Self.store()
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await TokenStore(test.store, site: "s", owner: "\(number)").lease(0, 1000)
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
    }
}
