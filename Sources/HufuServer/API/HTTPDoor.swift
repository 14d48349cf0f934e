import ActivationCodes
import AuditLog
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Storage

/// The HTTP door: it decodes a request, finds out who calls, calls one method of the authority, and encodes the
/// answer. Every refusal and error leaves as a problem.
struct HTTPDoor: Sendable {
    let authority: Authority
    let gateway: Gateway
    let upstream: Upstream
    /// Nil without TLS of the server's own.
    let certificate: ServerCertificate?
    /// Nil without a national platform.
    let platform: NationalPlatform?
    let explanations = Explanations()
    let sequencer: Sequencer
    let tiles: DirectoryTiles
    let verifierKey: String
    let configuration: ServerConfiguration
    let logger: Logger
    let sources: RateLimiter<String>
    /// By Swift's hash of the code, which is keyed afresh in each process: it tells nothing of the code.
    let codes: RateLimiter<Int>
    /// The same for a bound device that names no code but its token's.
    let devices: RateLimiter<UUID>
    /// Log-ins of one name from one source: passwords are weaker than codes.
    let logIns = RateLimiter<String>(perMinute: 30)
    let readiness = Readiness()
    let dates = DateText()
    /// Request schemas by name.
    let schemas: [String: JSONSchema]

    init(
        authority: Authority, sequencer: Sequencer, verifierKey: String, configuration: ServerConfiguration,
        certificate: ServerCertificate? = nil, platform: NationalPlatform? = nil, logger: Logger
    ) throws {
        self.authority = authority
        self.certificate = certificate
        gateway = Gateway(authority: authority)
        self.platform = platform
        upstream = Upstream(configuration.upstream, authority, platform: platform)
        self.sequencer = sequencer
        self.verifierKey = verifierKey
        self.configuration = configuration
        self.logger = logger
        tiles = DirectoryTiles(directory: configuration.logDirectory)
        sources = RateLimiter(perMinute: configuration.attemptsPerSource)
        codes = RateLimiter(perMinute: configuration.attemptsPerCode)
        devices = RateLimiter(perMinute: configuration.attemptsPerCode)
        let all = try OpenAPI.schemas()
        schemas = try all.reduce(into: [:]) { $0[$1.key] = try OpenAPI.compiled($1.key, all) }
    }

    var routes: [Route] {
        authority.operatorRoutes + authority.institutionRoutes + authority.policyRoutes
            + authority.applicationRoutes + authority.batchRoutes + authority.codeRoutes
            + authority.deviceRoutes + gatewayRoutes
            + PlatformRoutes(authority: authority, platform: platform).all + auditRoutes + systemRoutes
    }

    func router() -> Router<DoorContext> {
        let router = Router(context: DoorContext.self)
        router.add(middleware: ProblemMiddleware(door: self))
        for route in routes {
            router.on(RouterPath(route.hummingbirdPath), method: route.method) { request, context in
                await respond(to: request, context, route)
            }
        }
        return router
    }

    /// Failed attempts cost this many honest ones.
    static let costOfFailure = 20.0

    /// A call of somebody yet unknown.
    func call(_ headers: HTTPFields, from peer: IPAddress?) -> Call {
        let fresh = (try? authority.newID()) ?? UUID()
        return Call(
            caller: .anonymous, door: "http",
            address: DoorContext.address(peer, headers, configuration.trustedProxies),
            userAgent: headers[.userAgent].map { String($0.prefix(256)) },
            requestID: headers.requestID ?? fresh.lowercased, traceID: headers.traceID ?? fresh.hexadecimal)
    }

    /// What a trusted proxy says in `X-Forwarded-Proto` that its client came by; nil if none says it.
    func forwardedScheme(_ headers: HTTPFields, from peer: IPAddress?) -> String? {
        guard let peer, configuration.trustedProxies.contains(where: { $0.contains(peer) }) else {
            return nil
        }
        let scheme = headers[.forwardedProto]?.lowercased()
        return scheme == "https" || scheme == "http" ? scheme : nil
    }

    private func respond(to request: Request, _ context: DoorContext, _ route: Route) async -> Response {
        var call = call(request.headers, from: context.peer)
        do {
            let answer = try await admit(request, context, route, &call)
            return response(answer, call.requestID)
        } catch let replay as Replay {
            var response = response(
                APIAnswer(status: .init(code: replay.status), body: .json(replay.answer)), call.requestID)
            if replay.status >= 400 { response.headers[.contentType] = "application/problem+json" }
            response.headers[.idempotencyReplayed] = "true"
            return response
        } catch {
            return refuse(error, route, call).response
        }
    }

    /// Everything before the handler: caller, roles, limits, body, shape.
    private func admit(
        _ request: Request, _ context: DoorContext, _ route: Route, _ call: inout Call
    ) async throws -> APIAnswer {
        let source = context.sourceKey(call.address)
        let nanoseconds = authority.clock()
        if route.takesSecrets { try sources.spend(1, source, at: nanoseconds) }
        if route.access == .signed { try sources.spend(0, source, at: nanoseconds) }
        if let token = request.bearerToken, route.access != .anybody, route.access != .signed {
            // A token is a secret that could be guessed as well.
            do { call.caller = try await authority.caller(bearing: token) } catch InputError.unauthenticated {
                try sources.spend(1, source, at: nanoseconds)
                sources.charge(Self.costOfFailure, source, at: nanoseconds)
                throw InputError.unauthenticated
            }
        }
        try await authorize(route, call, context)
        if route.access == .holderOrDevice { try spend(call.caller, at: nanoseconds) }
        let bytes = try await body(of: request, route)
        let document = try decoded(bytes, request.headers[.contentType], route)
        if route.takesSecrets, let code = document["code"]?.string,
            let secret = try? CodeSecret(parsing: code)
        {
            try spend(secret, at: nanoseconds)
        }
        if route.request == "LogIn", let name = document["name"]?.string {
            try logIns.spend(1, "\(source) \(name)", at: nanoseconds)
        }
        call.repeatable = try request.repeatable(route, body: bytes, key: authority.keys.repeats)
        var head = request.head
        if let scheme = forwardedScheme(request.headers, from: context.peer) { head.scheme = scheme }
        return try await route.handler(
            APIRequest(
                body: document, bytes: bytes, head: head, uri: request.uri,
                parameters: context.parameters,
                call: call))
    }

    /// A device's calls count for the device: the codes of a big house have thousands.
    private func spend(_ caller: Call.Caller, at nanoseconds: Int64) throws {
        if case .device(let bindingID, _) = caller { try devices.spend(1, bindingID, at: nanoseconds) }
    }

    func spend(_ secret: CodeSecret, at nanoseconds: Int64) throws {
        try codes.spend(1, secret.hashValue, at: nanoseconds)
    }

    private func authorize(_ route: Route, _ call: Call, _ context: DoorContext) async throws {
        let roles: Set<Operator.Role>
        switch route.access {
        case .anybody, .holder, .holderOrDevice, .signed: return
        case .device:
            if case .device = call.caller { return }
            roles = []
        case .operators(let allowed): roles = allowed
        case .entryBundles where configuration.publicLog: return
        case .local where context.isLoopback && configuration.trustedProxies.isEmpty: return
        case .entryBundles, .local: roles = [.admin, .auditor]
        }
        switch call.caller {
        case .person(_, _, let held) where !held.isDisjoint(with: roles): return
        case .person, .device:
            try await authority.logForbidden(call, method: route.method.rawValue, route: route.path)
            throw InputError.forbidden
        case .anonymous, .system: throw InputError.unauthenticated
        }
    }

    /// No request of ours needs more.
    static let largestBody = 64 * 1024

    private func body(of request: Request, _ route: Route) async throws -> ByteBuffer {
        do { return try await request.body.collect(upTo: route.largestBody) } catch is NIOTooManyBytesError {
            throw InputError.tooLarge(limit: route.largestBody)
        }
    }

    func decoded(_ bytes: ByteBuffer, _ contentType: String?, _ route: Route) throws -> JSON {
        guard let name = route.request, let schema = schemas[name] else { return .object([:]) }
        var document: JSON = [:]
        if bytes.readableBytes > 0 {
            if let type = contentType, !type.lowercased().hasPrefix("application/json") {
                throw InputError.unsupportedMediaType
            }
            do { document = try bytes.withUnsafeReadableBytes { try JSON(parsing: $0) } } catch {
                throw InputError.invalid(
                    field: "body", allowed: "JSON (RFC 8259) in UTF-8 without repeated names")
            }
        }
        if let violation = schema.violations(document).first { throw Self.inputError(violation) }
        return document
    }

    /// Names the field of a violation such as `/terms/usage_limit: it is not an integer`.
    private static func inputError(_ violation: String) -> InputError {
        let parts = violation.split(separator: ":", maxSplits: 1).map(String.init)
        var field = parts[0].split(separator: "/").map(String.init)
        var allowed = (parts.count > 1 ? parts[1] : violation).trimmingCharacters(in: .whitespaces)
        let missing = "it has no "
        if allowed.hasPrefix(missing) {
            field.append(String(allowed.dropFirst(missing.count)))
            allowed = "it is required"
        }
        return .invalid(field: field.isEmpty ? "body" : field.joined(separator: "."), allowed: allowed)
    }

    /// What somebody is told who guesses codes, tokens or signatures.
    private static let guesses: Set<String> = [
        "not_found", "invalid_code", "unauthenticated", "unknown_key", "signature_mismatch",
    ]

    /// A failed attempt at a secret makes the next ones dearer; everything is counted.
    func refuse(_ error: any Error, _ route: Route?, _ call: Call) -> Reply {
        let problem = Problem(error)
        if problem.status == 429 { authority.counters.rateLimited() }
        if let route, route.takesSecrets || route.access == .signed, Self.guesses.contains(problem.code) {
            sources.charge(
                Self.costOfFailure, DoorContext.sourceKey(of: call.address), at: authority.clock())
        }
        if problem.status >= 500 {
            logger.error(
                "a request failed",
                metadata: [
                    "request_id": "\(call.requestID)",
                    "error": "\(error)",
                ])
        }
        authority.counters.answered(problem.status)
        var reply = Reply(
            status: .init(code: problem.status), type: "application/problem+json",
            bytes: problem.json(call.requestID).canonical())
        for (name, value) in problem.headers {
            if let name = HTTPField.Name(name) { reply.headers[name] = value }
        }
        reply.headers[.requestID] = call.requestID
        return reply
    }

    /// An answer that is one JSON document.
    func reply(_ document: JSON, _ requestID: String) -> Reply {
        completed(Reply(status: .ok, type: "application/json", bytes: document.canonical()), requestID)
    }

    /// Counts an answer and adds what every answer carries.
    func completed(_ reply: Reply, _ requestID: String) -> Reply {
        authority.counters.answered(reply.status.code)
        var reply = reply
        reply.headers.complete(requestID)
        return reply
    }

    private func response(_ answer: APIAnswer, _ requestID: String) -> Response {
        authority.counters.answered(answer.status.code)
        var response: Response
        switch answer.body {
        case .json(let document): response = encoded(document, "application/json", answer.status.code)
        case .text(let text, let type): response = encoded(Array(text.utf8), type, answer.status.code)
        case .bytes(let bytes, let type): response = encoded(bytes, type, answer.status.code)
        case .empty: response = Response(status: answer.status)
        case .stream(let type, let write):
            response = Response(
                status: answer.status, headers: [.contentType: type],
                body: ResponseBody { writer in try await write(&writer) })
        }
        for field in answer.headers { response.headers[field.name] = field.value }
        response.headers.complete(requestID)
        return response
    }

    private func encoded(_ document: JSON, _ type: String, _ status: Int) -> Response {
        encoded(document.canonical(), type, status)
    }

    private func encoded(_ bytes: [UInt8], _ type: String, _ status: Int) -> Response {
        Reply(status: .init(code: status), type: type, bytes: bytes).response
    }
}

extension HTTPFields {
    /// Adds what every answer carries; a `Cache-Control` of the answer's own stays.
    fileprivate mutating func complete(_ requestID: String) {
        self[.requestID] = requestID
        self[.xContentTypeOptions] = "nosniff"
        if self[.cacheControl] == nil { self[.cacheControl] = "no-store" }
    }
}

extension Route {
    /// Whether callers send a secret here that somebody could try to guess.
    var takesSecrets: Bool { access == .holder || access == .holderOrDevice }

    /// `{path...}` takes the rest of a path: Hummingbird writes it `**`.
    var hummingbirdPath: String { path.replacing("{path...}", with: "**") }
}
