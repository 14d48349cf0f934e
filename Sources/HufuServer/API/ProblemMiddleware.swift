import HTTPTypes
import Hummingbird
import Storage

/// What no route answers leaves as a problem too: an unknown path, or a known one with another method.
struct ProblemMiddleware: RouterMiddleware {
    let door: HTTPDoor
    private let methods: [(path: [Substring], method: String)]

    init(door: HTTPDoor) {
        self.door = door
        methods = door.routes.map { ($0.path.split(separator: "/"), $0.method.rawValue) }
    }

    func handle(
        _ request: Request, context: DoorContext,
        next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            let allowed = allowedMethods(request.uri.path)
            return refuse(
                allowed.isEmpty
                    ? Problem(status: 404, code: "route_not_found", title: "No such route; see /docs")
                    : Problem(InputError.methodNotAllowed(allowed)), request, context)
        } catch let error as HTTPError {
            return refuse(
                Problem(
                    status: error.status.code, code: "invalid_request", title: error.status.reasonPhrase),
                request, context)
        } catch {
            return refuse(error, request, context)
        }
    }

    private func refuse(_ error: any Error, _ request: Request, _ context: DoorContext) -> Response {
        door.refuse(error, nil, door.call(request.headers, from: context.peer)).response
    }

    private func allowedMethods(_ path: String) -> [String] {
        let segments = path.split(separator: "/")
        return methods.filter { route in
            route.path.count == segments.count
                && zip(route.path, segments).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }.map(\.method).sorted()
    }
}
