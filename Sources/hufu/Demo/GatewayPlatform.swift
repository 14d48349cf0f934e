import ActivationClient
import Foundation
import HTTPTypes
import InsurancePlatform
import RequestSigning

/// The national platform as a device sees it: through the gateway, every call signed.
struct GatewayPlatform: Platform {
    let client: SignedClient
    let site: FsiSite

    func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let body = try FsiEnvelope.encode(call, site: site, now: now)
        var head = HTTPRequest(
            method: .post, scheme: nil, authority: nil,
            path: site.pathPrefix + (site.paths[call.infno] ?? call.infno))
        head.headerFields[.contentType] = "application/json"
        let answer: SignedAnswer
        do { answer = try await client.send(HTTPMessage(head, body: body)) } catch {
            throw .unknown(.connectionLost, detail: "\(error)")
        }
        switch answer.status {
        case 200:
            do { return try PlatformAnswer(fsi: answer.body) } catch {
                throw .unknown(.unreadableAnswer, detail: error.sentence)
            }
        case 202: throw .unknown(.timeout, detail: "being resolved")
        case 401, 403: throw .notSent(.unauthorized, detail: APIProblem(answer.response).code)
        default: throw .unknown(.serverError, detail: "\(answer.status) \(APIProblem(answer.response).code)")
        }
    }
}
