import ActivationCodes
import AsyncHTTPClient
import Crypto
import Foundation
import HTTPTypes
import HufuServer
import Hummingbird
import RequestSigning
import Storage

/// Whole signed calls over HTTP, answered by the echo: how many a second, and how long one takes at half of that.
enum BenchAdmission {
    private static let connections = 256
    private static let turn = Duration.seconds(3)
    /// More than a turn can take.
    private static let callsOfATurn = 150_000

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let (ports, found) = AsyncStream<Int>.makeStream()
        let stage = try await BenchStage(directory: directory + "/gateway", upstream: .echo) {
            found.yield($0)
        }
        let signer = try await signer(stage)
        let running = Task { try await stage.server.run() }
        let bare = bareServer(try bareRoute(signer)) { found.yield($0) }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CommandFailure(.environment, "error: no server") }
        let runningBare = Task { try await bare.run() }
        guard let barePort = await iterator.next() else {
            throw CommandFailure(.environment, "error: no server")
        }
        var admitted: [Double] = []
        var bareAnswers: [Double] = []
        var nginxAnswers: [Double] = []
        let nginx = try BenchNginx(answering: nginxAnswer, in: directory + "/nginx")
        defer { nginx?.end() }
        // The first turn of each warms up.
        for round in 0..<4 {
            let calls = try signedCalls(signer, callsOfATurn)
            var load = HTTPLoad(port: port, requests: Array(calls[..<connections]))
            load.further = calls[connections...]
            let ours = try await load.run(for: turn)
            // The bare route knows no nonces, so the same calls do it.
            let theirs = try await HTTPLoad(port: barePort, requests: Array(calls[..<connections])).run(
                for: turn)
            if round == 0 { continue }
            admitted.append(ours)
            bareAnswers.append(theirs)
            if let nginx {
                nginxAnswers.append(
                    try await HTTPLoad(port: nginx.port, requests: Array(calls[..<connections])).run(
                        for: turn))
            }
        }
        let rate = admitted.quantile(0.5)
        let before = StepHistogram(step: "checks", metrics: try await metrics(port))
        let latency = try await latencies(port: port, rate: rate / 2, signer)
        let checks = StepHistogram(step: "checks", metrics: try await metrics(port)).since(before)
        runningBare.cancel()
        await stage.server.stop()
        try await running.value
        let beside =
            nginxAnswers.isEmpty
            ? []
            : [
                BenchFigure(
                    name: "gateway.admit.nginx", value: rate, unit: "1/s",
                    yardstick: "1/s of nginx with two workers that answers a text of the same length",
                    yardstickValue: nginxAnswers.quantile(0.5))
            ]
        return beside + [
            BenchFigure(
                name: "gateway.admit.rps", value: rate, unit: "1/s",
                yardstick:
                    "1/s of a bare Hummingbird route that checks the same HMAC and answers the same fields",
                yardstickValue: bareAnswers.quantile(0.5)),
            BenchFigure(
                name: "gateway.admit.p99", value: latency.ours, unit: "ms",
                yardstick: "ms (p99) of a TCP ping-pong at the same rate, \(Int(rate / 2))/s",
                yardstickValue: latency.pingPong),
            BenchFigure(
                name: "gateway.checks.p99", value: checks.quantile(0.99), unit: "ms",
                yardstick:
                    "ms (p99) of the same whole calls, the durable entry and the way there and back included",
                yardstickValue: latency.ours),
        ]
    }

    /// The 99th of a hundred, at a steady rate; the ping-pong's at the same.
    private static func latencies(
        port: Int, rate: Double, _ signer: RequestSigner
    ) async throws -> (ours: Double, pingPong: Double) {
        let responder = try PlainResponder()
        defer { responder.end() }
        var ours: [Double] = []
        var pingPong: [Double] = []
        for _ in 0..<3 {
            let calls = try signedCalls(signer, Int(rate * 2))
            ours.append(
                try await PacedLoad(port: port, connections: 64, rate: rate, requests: Array(calls)).run()
                    .quantile(0.99))
            pingPong.append(
                try await PacedLoad(port: responder.port, connections: 64, rate: rate, requests: Array(calls))
                    .run()
                    .quantile(0.99))
        }
        return (ours.quantile(0.5), pingPong.quantile(0.5))
    }

    private static func metrics(_ port: Int) async throws -> String {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://localhost:\(port)/metrics"), timeout: .seconds(10))
        return String(buffer: try await answer.body.collect(upTo: 1 << 20))
    }

    /// A bound device's key for v3.2.0.
    private static func signer(_ stage: BenchStage) async throws -> RequestSigner {
        let registered = try await stage.server.authority.registerSigningKey(
            stage.device(), SigningKeyRequest(profile: .v320))
        guard let text = registered.secret, let bytes = Data(base64URL: text) else {
            throw CommandFailure(.environment, "error: no key was registered")
        }
        return RequestSigner(
            .v320, key: SigningKey(id: registered.id, .secret(SharedSecret(Array(bytes)))))
    }

    /// Signed now, each with a nonce of its own.
    private static func signedCalls(_ signer: RequestSigner, _ count: Int) throws -> ArraySlice<String> {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "localhost",
            path: "/v3/insured/status?cardNo=440300190001011234")
        let now = Server.systemClock() / 1_000_000
        return try (0..<count).map { _ in
            let signed = try signer.sign(HTTPMessage(head), at: now, nonce: Nonce.fresh())
            let fields = signed.head.headerFields.map { "\($0.name.rawName): \($0.value)\r\n" }.joined()
            return "GET \(head.path ?? "/") HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
        }[...]
    }

    /// The same call in Hummingbird's own way: one known key, no clock, no nonces, no database, no log.
    private static func bareRoute(_ signer: RequestSigner) throws -> Router<BasicRequestContext> {
        guard case .secret(let secret) = signer.key.material,
            let (time, nonce, signature) = names
        else { throw CommandFailure(.environment, "error: the key is no shared secret") }
        let key = secret.withUnsafeBytes { SymmetricKey(data: $0) }
        let router = Router()
        router.get("/v3/insured/status") { request, _ in
            guard let card = request.uri.queryParameters["cardNo"], let time = request.headers[time],
                let nonce = request.headers[nonce],
                let signature = request.headers[signature].flatMap({ Data(base64Encoded: $0) }),
                HMAC<SHA256>.isValidAuthenticationCode(
                    signature, authenticating: Data("\(time)|\(nonce)|{\"card_no\":\"\(card)\"}".utf8),
                    using: key)
            else { throw HTTPError(.unauthorized) }
            return BareAdmission(query: "cardNo=\(card)")
        }
        return router
    }

    /// As long as an answer of the echo.
    private static let nginxAnswer = "{\"admitted\":\"" + String(repeating: "x", count: 420) + "\"}"

    private static var names: (HTTPField.Name, HTTPField.Name, HTTPField.Name)? {
        guard let time = HTTPField.Name("X-Timestamp"), let nonce = HTTPField.Name("X-Nonce"),
            let signature = HTTPField.Name("X-Signature")
        else { return nil }
        return (time, nonce, signature)
    }
}

private struct BareAdmission: ResponseEncodable {
    var admitted = true
    var profile = "v3.2.0"
    var keyID = "0123456789ABCDEF"
    var institutionID = "01a1fc3b-bd2c-715f-9acb-8182d114ef0d"
    var bindingID = "01a1fc3b-bd2c-715f-9acb-8182d114ef0d"
    var codeID = "01a1fc3b-bd2c-715f-9acb-8182d114ef0d"
    var scopes = ["claim.read", "patient.read"]
    var scope = "patient.read"
    var method = "GET"
    var path = "/v3/insured/status"
    var query: String
    var logIndex = 1
}
