import Foundation

extension AuditEntry {
    /// The entry as a JSON object; members without a value are left out.
    public var json: JSON {
        var json: JSON = [
            "version": .integer(Int64(version)),
            "time": .string(RFC3339.string(unixMilliseconds: unixMilliseconds)),
            "unix_ns": .string(String(unixNanoseconds)),
            "severity": .integer(Int64(severity)),
            "event": .string(event),
            "action": .string(action),
            "outcome": .string(outcome.rawValue),
            "actor": ["type": .string(actor.kind.rawValue)],
            "origin": ["door": .string(origin.door)],
            "subject": ["type": .string(subject.kind)],
            "request_id": .string(requestID),
            "trace_id": .string(traceID),
            "policy_references": .array(policyReferences.map { .string($0) }),
            "data": data,
            "commitments": .object(commitments.mapValues { .string(Base64.encode($0)) }),
        ]
        json["reason"] = reason.map { .string($0) }
        json["actor"]?["id"] = actor.id.map { .string($0) }
        json["subject"]?["id"] = subject.id.map { .string($0) }
        json["application_id"] = applicationID.map { .string($0.uuidString.lowercased()) }
        json["serial_number"] = serialNumber.map { .string($0) }
        return json
    }

    /// Reads an entry back. Throws ``AuditEntryError`` naming everything that ``violations(of:)`` finds.
    public init(json: JSON) throws {
        let violations = AuditEntry.violations(of: json)
        guard violations.isEmpty else { throw AuditEntryError(violations: violations) }
        guard let version = json["version"]?.integer, let severity = json["severity"]?.integer,
            let nanoseconds = json["unix_ns"]?.string.flatMap({ Int64($0) }),
            let event = json["event"]?.string, let action = json["action"]?.string,
            let outcome = json["outcome"]?.string.flatMap({ Outcome(rawValue: $0) }),
            let actorKind = json["actor"]?["type"]?.string.flatMap({ ActorKind(rawValue: $0) }),
            let door = json["origin"]?["door"]?.string, let subjectKind = json["subject"]?["type"]?.string,
            let requestID = json["request_id"]?.string, let traceID = json["trace_id"]?.string
        else { throw AuditEntryError(violations: ["/: a member is missing"]) }
        self.init(
            version: version, unixNanoseconds: nanoseconds, severity: severity, event: event, action: action,
            outcome: outcome, reason: json["reason"]?.string,
            actor: Actor(kind: actorKind, id: json["actor"]?["id"]?.string), origin: Origin(door: door),
            subject: Subject(kind: subjectKind, id: json["subject"]?["id"]?.string),
            applicationID: json["application_id"]?.string.flatMap { UUID(uuidString: $0) },
            requestID: requestID, traceID: traceID, serialNumber: json["serial_number"]?.string,
            policyReferences: json["policy_references"]?.array?.compactMap { $0.string } ?? [],
            data: json["data"] ?? [:],
            commitments: (json["commitments"]?.object ?? [:])
                .compactMapValues { $0.string.flatMap { Base64.decode($0) }.map { Data($0) } })
    }

    /// What keeps a JSON value from being an entry: the schema's violations, and three rules beyond what a
    /// schema says. `time` is `unix_ns` cut to milliseconds, `unix_ns` fits 64 bits, and every whole number
    /// is one that a double holds exactly (RFC 7493, section 2.2).
    public static func violations(of json: JSON) -> [String] {
        var violations = schema.violations(json)
        if let text = json["unix_ns"]?.string {
            if let nanoseconds = Int64(text) {
                let time = RFC3339.string(unixMilliseconds: milliseconds(ofNanoseconds: nanoseconds))
                if json["time"]?.string != time {
                    violations.append("/time: it is not unix_ns cut to milliseconds")
                }
            } else {
                violations.append("/unix_ns: it does not fit 64 bits")
            }
        }
        if !holdsInterchangeableNumbers(json) {
            violations.append("/: a whole number beyond ±(2^53 − 1)")
        }
        return violations
    }

    private static func holdsInterchangeableNumbers(_ json: JSON) -> Bool {
        switch json {
        case .integer(let value): value.magnitude < 1 << 53
        case .array(let elements): elements.allSatisfy { holdsInterchangeableNumbers($0) }
        case .object(let members): members.values.allSatisfy { holdsInterchangeableNumbers($0) }
        default: true
        }
    }
}
