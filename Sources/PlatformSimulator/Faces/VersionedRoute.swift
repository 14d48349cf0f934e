import HTTPTypes

/// A bare address of the v3 face: its parameters are the transaction's `data`.
struct VersionedRoute: Sendable {
    let method: HTTPRequest.Method
    let path: String
    let infno: String

    static let all: [VersionedRoute] = [
        VersionedRoute(method: .get, path: "/v3/insured/status", infno: "1101"),
        VersionedRoute(method: .get, path: "/v3/catalogue", infno: "1312"),
        VersionedRoute(method: .get, path: "/v3/settlements", infno: "5203"),
        VersionedRoute(method: .post, path: "/v3/registrations", infno: "2201"),
        VersionedRoute(method: .post, path: "/v3/registrations/cancel", infno: "2202"),
        VersionedRoute(method: .post, path: "/v3/settlements/preview", infno: "2206"),
        VersionedRoute(method: .post, path: "/v3/settlements", infno: "2207"),
        VersionedRoute(method: .post, path: "/v3/settlements/cancel", infno: "2208"),
        VersionedRoute(method: .post, path: "/v3/reversals", infno: "2601"),
        VersionedRoute(method: .post, path: "/v3/statements", infno: "3201"),
    ]

    init(method: HTTPRequest.Method, path: String, infno: String) {
        self.method = method
        self.path = path
        self.infno = infno
    }

    init?(of request: SandboxRequest) {
        let found = Self.all.first { $0.method == request.method && $0.path == request.path }
        guard let found else { return nil }
        self = found
    }
}
