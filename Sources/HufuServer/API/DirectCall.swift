import ActivationCodes
import Foundation
import HTTPTypes
import NIOCore
import RequestSigning
import Storage

/// Signed calls through the gateway. Without a data key at hand they are the router's.
final class DirectCall: DirectRoute {
    let door: HTTPDoor
    let route: Route

    init(door: HTTPDoor, route: Route) {
        self.door = door
        self.route = route
    }

    var largestBody: Int { Gateway.largestBody }

    func takes(_ head: HTTPRequest) -> Bool {
        // All of them take POST; the router tells who sends something else.
        guard let path = head.path, head.method == .post || path.hasPrefix("/v3/") else { return false }
        return HTTPDoor.callPrefixes.contains { path.hasPrefix($0) }
    }

    func answer(_ request: PlainRequest, from peer: IPAddress?, _ answer: @escaping Answer) -> Bool {
        let nanoseconds = door.authority.clock()
        guard
            let dataKey = door.authority.personal.keyAtHand(
                at: Date(unixMilliseconds: nanoseconds / 1_000_000))
        else { return false }
        let call = door.call(request.head.headerFields, from: peer)
        do {
            try door.sources.spend(0, DoorContext.sourceKey(of: call.address), at: nanoseconds)
        } catch {
            answer { self.door.refuse(error, self.route, call) }
            return true
        }
        var message = HTTPMessage(request.head, body: Array(buffer: request.body))
        if let scheme = door.forwardedScheme(request.head.headerFields, from: peer) {
            message.head.scheme = scheme
        }
        door.gateway.admit(message, call, dataKey) { [self] outcome in
            switch outcome {
            case .failure(let error): answer { self.door.refuse(error, self.route, call) }
            case .success(let admitted):
                guard door.upstream.isImmediate(to: admitted) else {
                    Task {
                        let reply = await self.carried(admitted, call)
                        answer { reply }
                    }
                    return
                }
                answer { self.reply(Result { try self.door.upstream.immediateAnswer(to: admitted) }, call) }
            }
        }
        return true
    }

    private func carried(_ admitted: AdmittedCall, _ call: Call) async -> Reply {
        do {
            return reply(.success(try await door.upstream.answer(to: admitted, call)), call)
        } catch {
            return reply(.failure(error), call)
        }
    }

    private func reply(_ result: Result<Reply, any Error>, _ call: Call) -> Reply {
        switch result {
        case .success(let reply): door.completed(reply, call.requestID)
        case .failure(let error): door.refuse(error, route, call)
        }
    }
}
