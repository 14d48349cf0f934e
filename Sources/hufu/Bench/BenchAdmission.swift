import ActivationCodes
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
        let device = try await stage.device()
        let signer = try await signer(stage, device)
        let running = Task { try await stage.server.run() }
        let bare = bareServer(try bareRoute(signer)) { found.yield($0) }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next() else { throw CommandFailure(.environment, "error: no server") }
        let runningBare = Task { try await bare.run() }
        guard let barePort = await iterator.next() else {
            throw CommandFailure(.environment, "error: no server")
        }
        let rates = try await rates(port: port, barePort: barePort, signer, nginxIn: directory + "/nginx")
        var strangers: [RequestSigner] = []
        for _ in 0..<60 { strangers.append(try await self.signer(stage, device)) }
        let latency = BenchCallLatency(port: port, signer: signer, strangers: strangers)
        let figures = try await rates.figures + latency.figures(rate: rates.admitted / 2)
        runningBare.cancel()
        await stage.server.stop()
        try await running.value
        return figures
    }

    /// Answers a second.
    private struct Rates {
        var admitted: Double
        var bare: Double
        /// Nil where there is no nginx.
        var nginx: Double?

        var figures: [BenchFigure] {
            let beside = nginx.map {
                BenchFigure(
                    name: "gateway.admit.nginx", value: admitted, unit: "1/s",
                    yardstick: "1/s of nginx with two workers that answers a text of the same length",
                    yardstickValue: $0)
            }
            let admission = BenchFigure(
                name: "gateway.admit.rps", value: admitted, unit: "1/s",
                yardstick:
                    "1/s of a bare Hummingbird route that checks the same HMAC and answers the same fields",
                yardstickValue: bare)
            return (beside.map { [$0] } ?? []) + [admission]
        }
    }

    private static func rates(
        port: Int, barePort: Int, _ signer: RequestSigner, nginxIn directory: String
    ) async throws -> Rates {
        var admitted: [Double] = []
        var bare: [Double] = []
        var beside: [Double] = []
        let nginx = try BenchNginx(answering: nginxAnswer, in: directory)
        defer { nginx?.end() }
        // The first turn of each warms up.
        for round in 0..<4 {
            let calls = try signedCalls(signer, callsOfATurn)
            let first = Array(calls[..<connections])
            var load = HTTPLoad(port: port, requests: first)
            load.further = calls[connections...]
            let ours = try await load.run(for: turn)
            // The bare route knows no nonces, so the same calls do it.
            let theirs = try await HTTPLoad(port: barePort, requests: first).run(for: turn)
            if round == 0 { continue }
            admitted.append(ours)
            bare.append(theirs)
            if let nginx {
                beside.append(try await HTTPLoad(port: nginx.port, requests: first).run(for: turn))
            }
        }
        return Rates(
            admitted: admitted.quantile(0.5), bare: bare.quantile(0.5),
            nginx: beside.isEmpty ? nil : beside.quantile(0.5))
    }

    /// A bound device's key for v3.2.0.
    private static func signer(_ stage: BenchStage, _ device: Call) async throws -> RequestSigner {
        let registered = try await stage.server.authority.registerSigningKey(
            device, SigningKeyRequest(profile: .v320))
        guard let text = registered.secret, let bytes = Data(base64URL: text) else {
            throw CommandFailure(.environment, "error: no key was registered")
        }
        return RequestSigner(
            .v320, key: SigningKey(id: registered.id, .secret(SharedSecret(Array(bytes)))))
    }

    /// Signed now, each with a nonce of its own.
    static func signedCalls(_ signer: RequestSigner, _ count: Int) throws -> ArraySlice<String> {
        let head = HTTPRequest(
            method: .get, scheme: "http", authority: "localhost",
            path: "/v3/insured/status?cardNo=440300190001011234")
        let now = Server.systemClock() / 1_000_000
        return try (0..<count).map { _ in
            let signed = try signer.sign(HTTPMessage(head), at: now, nonce: Nonce.fresh())
            return String(decoding: SavedRequestFile.bytes(signed), as: UTF8.self)
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
