import ArgumentParser
import AuditLog

/// The fields of a policy as options. The server checks them; what is not given is not sent.
struct PolicyTerms: ParsableArguments {
    @Option(help: "How long a code lasts: 72h, 90d, P1Y.")
    var duration: String?

    @Option(help: "When that begins: issue or first_activation.")
    var durationStart: String?

    @Option(help: "How long after its issue a code may be activated (server's default 72h).")
    var activateWithin: String?

    @Option(help: "Uses in all.")
    var usageLimit: Int?

    @Option(help: "Devices that may be bound.")
    var deviceLimit: Int?

    @Option(help: "How much of a machine must be found again: any, two, most or all.")
    var matching: String?

    @Option(name: .customLong("role"), help: "A granted role; may be repeated, replaces the list.")
    var roles: [String] = []

    @Option(name: .customLong("scope"), help: "A granted scope; may be repeated, replaces the list.")
    var scopes: [String] = []

    @Option(help: "Approvals that an application needs, 0–3.")
    var approvals: Int?

    @Option(name: .customLong("ip"), help: "An allowed range (CIDR); may be repeated, replaces the list.")
    var ranges: [String] = []

    @Option(help: "How often a code may be renewed.")
    var renewals: Int?

    @Option(help: "By how long each time (default: the duration).")
    var renewalPeriod: String?

    @Option(help: "The rule it comes from, such as A.9.4.2-v2.1.")
    var reference: String?

    var json: JSON {
        var json: JSON = [:]
        json["duration"] = duration.map { .string($0) }
        json["duration_start"] = durationStart.map { .string($0) }
        json["activate_within"] = activateWithin.map { .string($0) }
        json["usage_limit"] = usageLimit.map { .integer(Int64($0)) }
        json["device_limit"] = deviceLimit.map { .integer(Int64($0)) }
        json["fingerprint_matching"] = matching.map { .string($0) }
        json["reference"] = reference.map { .string($0) }
        json["approvals"] = approvals.map { .integer(Int64($0)) }
        for (key, list) in [("roles", roles), ("scopes", scopes), ("ip_allow_list", ranges)]
        where !list.isEmpty {
            json[key] = .array(list.map { .string($0) })
        }
        if renewals != nil || renewalPeriod != nil {
            var renewal: JSON = [:]
            renewal["count"] = renewals.map { .integer(Int64($0)) }
            renewal["period"] = renewalPeriod.map { .string($0) }
            json["renewal"] = renewal
        }
        return json
    }
}
