/// One request and what became of it. It holds no personal value but what the doctor quotes of a refused
/// request, and it is kept in memory alone.
public struct TrafficRecord: Sendable, Identifiable {
    public internal(set) var id: Int
    /// Unix milliseconds.
    public let at: Int64
    /// `fsi`, `v3`, `epc`, `soap`, `frame`, `oauth2` or `tls`.
    public let face: String
    /// The request's method and path.
    public let target: String
    public internal(set) var infno: String?
    public internal(set) var msgid: String?
    public internal(set) var checks: [TrafficCheck] = []
    /// The kinds of the faults that struck.
    public internal(set) var faults: [String] = []
    /// 0 for an answer that was never sent.
    public internal(set) var status = 0
    public internal(set) var infcode: Int?
    public internal(set) var microseconds: Int64 = 0
    /// The doctor's explanation of a refused signature, as JSON.
    public internal(set) var explanation: [UInt8]?

    init(at: Int64, face: String, target: String) {
        id = 0
        self.at = at
        self.face = face
        self.target = target
    }

    var json: JSONText {
        .object([
            "id": .number(id), "at": .number(at), "face": .string(face), "target": .string(target),
            "infno": .string(infno), "msgid": .string(msgid), "checks": .array(checks.map(\.json)),
            "faults": .array(faults.map { .string($0) }), "status": .number(status),
            "infcode": infcode.map { .number($0) } ?? .null, "microseconds": .number(microseconds),
            "explanation": explanation.map { .raw($0) } ?? .null,
        ])
    }
}
