import ActivationCodes
import ArgumentParser
import Foundation
import HufuServer
import Hummingbird
import NIOCore

struct BenchHTTP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http", abstract: "Audited validations over HTTP, and what an idle server takes.")

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure, BenchProcess.measure]) }

    private static let connections = 256
    private static let turn = Duration.seconds(3)

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let (ports, found) = AsyncStream<Int>.makeStream()
        let stage = try await BenchStage(directory: directory + "/http") { found.yield($0) }
        let secrets = try await stage.issue(connections)
        for secret in secrets { _ = try await stage.server.authority.activate(stage.call, secret) }
        let running = Task { try await stage.server.run() }
        let bare = bareServer(bareRoute()) { found.yield($0) }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CommandFailure(.environment, "error: no server") }
        let runningBare = Task { try await bare.run() }
        guard let barePort = await iterator.next() else {
            throw CommandFailure(.environment, "error: no server")
        }
        let ours = secrets.map {
            HTTPLoad.post("/v1/validations", "{\"code\":\"\($0.text)\",\"scopes\":[\"claim.read\"]}")
        }
        let theirs = ours.map { $0.replacing("/v1/validations", with: "/bare") }
        var validations: [Double] = []
        var bareAnswers: [Double] = []
        // The first turn of each warms up.
        for round in 0..<4 {
            let audited = try await HTTPLoad(port: port, requests: ours).run(for: turn)
            let plain = try await HTTPLoad(port: barePort, requests: theirs).run(for: turn)
            if round == 0 { continue }
            validations.append(audited)
            bareAnswers.append(plain)
        }
        runningBare.cancel()
        await stage.server.stop()
        try await running.value
        return [
            BenchFigure(
                name: "http.validate", value: validations.quantile(0.5), unit: "1/s",
                yardstick:
                    "1/s of a bare Hummingbird route that decodes the same JSON and encodes the same fields",
                yardstickValue: bareAnswers.quantile(0.5))
        ]
    }

    /// The same exchange in Hummingbird's own way: decode the request, answer as many fields; no check, no
    /// database, no log.
    private static func bareRoute() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("/bare") { request, context -> BareValidation in
            let asked = try await request.decode(as: BareQuestion.self, context: context)
            return BareValidation(scopes: asked.scopes)
        }
        return router
    }
}

private struct BareQuestion: Decodable {
    var code: String
    var scopes: [String]
}

private struct BareValidation: ResponseEncodable {
    var valid = true
    var codeID = "01a1fc3b-bd2c-715f-9acb-8182d114ef0d"
    var state = "active"
    var scopes: [String]
    var roles: [String] = []
    var expiresAt = "2027-11-21T03:54:29.000Z"
    var checkedAt = "2026-11-21T03:54:29.000Z"
    var logIndex = 1

    enum CodingKeys: String, CodingKey {
        case valid, state, scopes, roles
        case codeID = "code_id"
        case expiresAt = "expires_at"
        case checkedAt = "checked_at"
        case logIndex = "log_index"
    }
}
