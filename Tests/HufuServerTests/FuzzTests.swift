import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("Seeded fuzz of the door")
struct FuzzTests {
    @Test(
        "No body, path, query or header makes a server error", .timeLimit(.minutes(10)),
        arguments: [1, 2] as [UInt64])
    func neverAServerError(seed: UInt64) async throws {
        try await RunningServer.run { configuration in
            configuration.attemptsPerSource = 10_000_000
            configuration.attemptsPerCode = 10_000_000
        } scenario: { server in
            let corpus = try await FuzzCorpus(server)
            var random = SeededRandom(seed: seed)
            var requests: [FuzzRequest] = []
            for _ in 0..<600 { requests.append(corpus.next(&random)) }
            let token = try await server.token(of: .admin)
            for start in stride(from: 0, to: requests.count, by: 20) {
                let batch = Array(requests[start..<start + 20])
                let answers = try await concurrently(batch.count) { number -> Answer? in
                    let request = batch[number]
                    // What the client itself refuses to send is no test of the server.
                    return try? await server.request(
                        request.method, request.target, token: request.isAnonymous ? nil : token,
                        raw: request.body,
                        headers: request.headers)
                }
                for (request, answer) in zip(batch, answers) {
                    #expect((answer?.status ?? 0) < 500, "\(request)")
                }
            }
            #expect(!server.log.text.contains("a request failed"), "\(server.log.text.suffix(2000))")
            #expect(try await server.request("GET", "/v1/operators/me", token: token).status == 200)
        }
    }
}
