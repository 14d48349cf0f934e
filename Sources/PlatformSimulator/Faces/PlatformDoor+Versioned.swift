import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// The mission's v3 routes: bare parameters, or an fsi envelope by POST whatever its path.
extension PlatformDoor {
    func versioned(_ request: SandboxRequest, _ record: inout TrafficRecord) async -> SandboxReply {
        do throws(DoorRefusal) {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            let header = request.header("authorization")
            let body = try? ExactJSON(parsing: call.content.body)
            if body?["infno"] != nil {
                return await carry(call, addressed: nil, authorization: header, &record).reply
            }
            guard let route = VersionedRoute(of: request) else {
                throw DoorRefusal(
                    .notFound, "not_found",
                    "no v3 route; known are "
                        + VersionedRoute.all.map { "\($0.method.rawValue) \($0.path)" }.joined(
                            separator: ", "))
            }
            let data = request.method == .get ? Self.data(request.query, route) : body ?? [:]
            return await carry(
                envelope(route.infno, data, named: request.header("x-request-id")),
                addressed: route.infno, authorization: header, &record
            ).reply
        } catch { return error.reply }
    }

    /// A query's names may be spelled either way; of a person one number is enough.
    private static func data(_ query: [String: String], _ route: VersionedRoute) -> ExactJSON {
        var members: [String: ExactJSON] = [:]
        for (name, value) in query { members[snakeCase(name)] = .string(value) }
        let kinds = [("01", "token_no"), ("02", "cert_no"), ("02", "certno"), ("03", "card_no")]
        if route.infno == "1101", members["mdtrt_cert_no"] == nil,
            let (kind, number) = kinds.lazy.compactMap({ kind, name in members[name].map { (kind, $0) } })
                .first
        {
            return ["mdtrt_cert_type": .string(kind), "mdtrt_cert_no": number]
        }
        return .object(members)
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { snake, symbol in
            if symbol.isASCII, symbol.isUppercase { snake += "_" }
            snake += symbol.lowercased()
        }
    }

    /// What comes without an envelope gets one. `X-Request-Id` is its msgid where it has the form of one.
    private func envelope(_ infno: String, _ data: ExactJSON, named request: String?) -> [UInt8] {
        let now = time.now
        let institution = desk.institution
        let number = String(sequence.next() % 10_000)
        let padding = String(repeating: "0", count: 4 - number.utf8.count)
        let own = institution.code + ChinaTime.text(now, .compact) + padding + number
        let msgid = request.flatMap { MessageID($0) }?.text ?? own
        let members: ExactJSON = [
            "infno": .string(infno), "msgid": .string(msgid),
            "mdtrtarea_admvs": .string(institution.admvs),
            "insuplc_admdvs": data["insuplc_admdvs"] ?? .string(institution.admvs),
            "recer_sys_code": "HUFU", "infver": "V1.0", "opter_type": "1", "opter": "v3",
            "opter_name": "v3", "inf_time": .string(ChinaTime.text(now, .text)),
            "fixmedins_code": .string(institution.code), "fixmedins_name": .string(institution.name),
            "input": ["data": data],
        ]
        return members.text()
    }
}
