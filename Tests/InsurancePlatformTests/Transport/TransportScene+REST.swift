import InsurancePlatform

extension TransportScene {
    static let settled = TestPlatform.Reaction.answer(200, "application/json", FsiSamples.answer().encode())

    static func servingREST(
        options: TransportOptions, site change: (inout FsiSite) -> Void = { _ in },
        _ react: @escaping @Sendable (TestPlatform.Request) -> TestPlatform.Reaction,
        _ body: (RESTPlatform, TestPlatform) async throws -> Void
    ) async throws {
        let server = try await TestPlatform.http(authority.get().server(), react: react)
        var site = Self.site(server.port)
        change(&site)
        let platform = try RESTPlatform(site: site, options: options)
        do { try await body(platform, server) } catch {
            try await platform.shutDown()
            try await server.end()
            throw error
        }
        try await platform.shutDown()
        try await server.end()
    }
}
