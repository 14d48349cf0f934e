import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import NIOCore
import Storage

/// `POST /v1/validations` by a code. By a device's token, malformed or without a data key at hand it is the
/// router's.
final class DirectValidation: DirectRoute {
    let door: HTTPDoor
    let route: Route

    init(door: HTTPDoor, route: Route) {
        self.door = door
        self.route = route
    }

    var largestBody: Int { HTTPDoor.largestBody }

    func takes(_ head: HTTPRequest) -> Bool {
        head.method == route.method && head.path == route.path && head.headerFields[.authorization] == nil
    }

    func answer(_ request: PlainRequest, from peer: IPAddress?, _ answer: @escaping Answer) -> Bool {
        let fields = request.head.headerFields
        let nanoseconds = door.authority.clock()
        guard
            let dataKey = door.authority.personal.keyAtHand(
                at: Date(unixMilliseconds: nanoseconds / 1_000_000)),
            let document = try? door.decoded(request.body, fields[.contentType], route),
            let secret = document["code"]?.string.flatMap({ try? CodeSecret(parsing: $0) }),
            case .success(let presented) = Result(catching: { try document.fingerprint() })
        else { return false }
        let call = door.call(fields, from: peer)
        do {
            try door.sources.spend(1, DoorContext.sourceKey(of: call.address), at: nanoseconds)
            try door.spend(secret, at: nanoseconds)
            try door.authority.validate(
                call, secret, presented: presented, scopes: document.names("scopes") ?? [], dataKey
            ) { outcome in
                answer { self.reply(outcome, call) }
            }
        } catch {
            answer { self.door.refuse(error, self.route, call) }
        }
        return true
    }

    private func reply(_ outcome: Result<(answer: Validation, index: Int), any Error>, _ call: Call) -> Reply
    {
        switch outcome {
        case .success(let decided):
            door.reply(decided.answer.document(index: decided.index), call.requestID)
        case .failure(let error): door.refuse(error, route, call)
        }
    }
}
