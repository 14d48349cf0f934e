import NIOHTTP1

/// What goes back on a connection, or doesn't.
struct SandboxReply: Sendable {
    enum Body: Sendable {
        case whole([UInt8])
        /// The length of all is announced, half of it is sent, and the connection ends.
        case half([UInt8])
        /// Parts as they come, until the client has enough.
        case stream(AsyncStream<[UInt8]>)
        /// Nothing at all: the connection ends without an answer.
        case nothing
    }

    var status: HTTPResponseStatus
    var fields: [(String, String)]
    var body: Body

    init(_ status: HTTPResponseStatus = .ok, fields: [(String, String)] = [], body: Body) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    static func json(_ bytes: [UInt8], _ status: HTTPResponseStatus = .ok) -> SandboxReply {
        SandboxReply(
            status, fields: [("content-type", "application/json; charset=utf-8")], body: .whole(bytes))
    }

    static func text(_ status: HTTPResponseStatus = .ok, type: String, _ text: String) -> SandboxReply {
        SandboxReply(
            status, fields: [("content-type", "\(type); charset=utf-8"), ("cache-control", "no-store")],
            body: .whole(Array(text.utf8)))
    }

    static let lost = SandboxReply(body: .nothing)

    /// 0 where nothing is sent.
    var sentStatus: Int {
        if case .nothing = body { return 0 }
        return Int(status.code)
    }

    /// The bytes of a whole body; none otherwise.
    var bytes: [UInt8] {
        if case .whole(let bytes) = body { return bytes }
        return []
    }
}
