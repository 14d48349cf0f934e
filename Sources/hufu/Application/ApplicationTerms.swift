import ArgumentParser
import AuditLog

/// What an application narrows of its policy. What is not given is not sent.
struct ApplicationTerms: ParsableArguments {
    @Option(help: "Valid from then on (RFC 3339).")
    var notBefore: String?

    @Option(help: "The end: relative (72h, P90D) or absolute (RFC 3339).")
    var expires: String?

    @Option(help: "How long after their issue the codes may be activated.")
    var activateWithin: String?

    @Option(help: "Uses in all, of each code.")
    var usageLimit: Int?

    @Option(help: "Devices that may be bound to each code.")
    var deviceLimit: Int?

    @Option(help: "The only key that may be bound: its RFC 7638 thumbprint, base64url.")
    var bindingKey: String?

    @Option(name: .customLong("role"), help: "A role of the policy's; may be repeated.")
    var roles: [String] = []

    @Option(name: .customLong("scope"), help: "A scope of the policy's; may be repeated.")
    var scopes: [String] = []

    @Option(name: .customLong("ip"), help: "An allowed range (CIDR); may be repeated.")
    var ranges: [String] = []

    @Option(help: "A pair key=value; may be repeated.")
    var metadata: [String] = []

    func validate() throws {
        for pair in metadata where !pair.contains("=") {
            throw ValidationError("--metadata \(pair): the form is key=value")
        }
    }

    func json() throws -> JSON {
        var json: JSON = [:]
        json["not_before"] = notBefore.map { .string($0) }
        json["expires"] = expires.map { .string($0) }
        json["activate_within"] = activateWithin.map { .string($0) }
        json["usage_limit"] = usageLimit.map { .integer(Int64($0)) }
        json["device_limit"] = deviceLimit.map { .integer(Int64($0)) }
        json["binding_key"] = bindingKey.map { .string($0) }
        for (key, list) in [("roles", roles), ("scopes", scopes), ("ip_allow_list", ranges)]
        where !list.isEmpty {
            json[key] = .array(list.map { .string($0) })
        }
        var pairs: [String: JSON] = [:]
        for pair in metadata {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            guard pairs.updateValue(.string(String(parts[1])), forKey: String(parts[0])) == nil else {
                throw ValidationError("--metadata \(parts[0]) is given twice")
            }
        }
        if !pairs.isEmpty { json["metadata"] = .object(pairs) }
        return json
    }
}
