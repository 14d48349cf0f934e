import RequestSigning

extension Fault {
    /// What isn't a fault, and which member is to blame.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        public let member: String
        public let description: String

        init(_ member: String, _ allowed: String) {
            self.member = member
            description = "\(member): \(allowed)"
        }
    }

    /// The faults of `{"faults":[{"kind":…},…]}`, as the control API and scenario files hold them.
    public static func faults(inJSON bytes: [UInt8]) throws -> [Fault] {
        let document: JSONDocument
        do { document = try JSONDocument(parsing: bytes) } catch {
            throw Malformed("body", "not JSON (\(error.code.rawValue))")
        }
        guard let list = document["faults"], list.kind == .array else {
            throw Malformed("faults", "an array of faults is due")
        }
        return try list.elements.map { try Fault($0) }
    }

    init(_ value: JSONValue) throws(Malformed) {
        let known: Set = [
            "kind", "infno", "class", "probability", "count", "milliseconds", "seconds", "status",
            "after_commit", "certificate", "struck",
        ]
        for (name, _) in value.members where !known.contains(name) {
            throw Malformed(name, "no member of a fault; they are \(known.sorted().joined(separator: ", "))")
        }
        guard let kind = value["kind"]?.string.flatMap({ Kind(rawValue: $0) }) else {
            throw Malformed("kind", "one of " + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.init(
            kind, infno: value["infno"]?.string, callClass: value["class"]?.string,
            probability: try Self.share(value["probability"]),
            count: try Self.whole(value["count"], "count", 1...1_000_000_000).map { Int($0) },
            milliseconds: try Self.whole(
                value["milliseconds"], "milliseconds", -86_400_000...86_400_000) ?? 1000,
            seconds: try Self.whole(value["seconds"], "seconds", 1...86_400) ?? 10,
            status: Int(try Self.whole(value["status"], "status", 500...599) ?? 503),
            afterCommit: value["after_commit"]?.boolean,
            certificate: value["certificate"]?.string ?? "stranger")
        if let callClass, !["query", "money", "recovery", "record"].contains(callClass) {
            throw Malformed("class", "one of query, money, recovery, record")
        }
        guard ServerCertificate.Choice(rawValue: certificate) != nil else {
            let names = ServerCertificate.Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed("certificate", "one of \(names)")
        }
    }

    private static func share(_ value: JSONValue?) throws(Malformed) -> Double {
        guard let value else { return 1 }
        guard let text = value.numberText, let share = Double(text), (0...1).contains(share) else {
            throw Malformed("probability", "a number from 0 to 1")
        }
        return share
    }

    private static func whole(
        _ value: JSONValue?, _ member: String, _ range: ClosedRange<Int64>
    ) throws(Malformed) -> Int64? {
        guard let value, value.kind != .null else { return nil }
        guard let number = value.numberText.flatMap({ Int64($0) }), range.contains(number) else {
            throw Malformed(member, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func json(struck: Int) -> JSONText {
        .object([
            "kind": .string(kind.rawValue), "infno": .string(infno), "class": .string(callClass),
            "probability": .fraction(probability), "count": count.map { .number($0) } ?? .null,
            "milliseconds": .number(milliseconds), "seconds": .number(seconds), "status": .number(status),
            "after_commit": .boolean(afterCommit), "certificate": .string(certificate),
            "struck": .number(struck),
        ])
    }
}
