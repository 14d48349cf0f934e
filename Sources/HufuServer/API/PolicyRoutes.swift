import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import Storage

extension Authority {
    var policyRoutes: [Route] {
        [
            Route(
                method: .put, path: "/v1/policies/{name}", access: .operators([.admin]),
                summary: "Set the next version of a policy (If-None-Match: * to create, If-Match to change)",
                tag: "Policies", request: "PolicyRequest", otherStatus: 201, answer: "Policy"
            ) { request in
                let name = try request.parameter("name")
                let body = request.body
                let stored = try await setPolicy(request.call, request.policyPrecondition()) { version in
                    try Policy(request: body, name: name, version: version)
                }
                return .policy(stored, status: stored.policy.version == 1 ? .created : .ok)
            },
            Route(
                method: .get, path: "/v1/policies", access: .anyOperator,
                summary: "List the newest version of each policy", tag: "Policies", answer: "Policy",
                query: ["limit", "cursor"]
            ) { request in
                let page = try request.page()
                return .list(try await policies(page), page) { $0.policy.name }
            },
            Route(
                method: .get, path: "/v1/policies/{name}", access: .anyOperator,
                summary: "Show the newest version of a policy, with its ETag", tag: "Policies",
                answer: "Policy"
            ) { request in
                let stored = try await policy(request.parameter("name"))
                if request.head.headerFields[.ifNoneMatch] == stored.entityTag {
                    return APIAnswer(status: .notModified, headers: [.eTag: stored.entityTag], body: .empty)
                }
                return .policy(stored)
            },
            Route(
                method: .get, path: "/v1/policies/{name}/versions/{version}", access: .anyOperator,
                summary: "Show a version of a policy", tag: "Policies", answer: "Policy"
            ) { request in
                guard let version = Int(try request.parameter("version")) else {
                    throw InputError.notFound("policy version")
                }
                return .policy(try await policy(request.parameter("name"), version: version))
            },
        ]
    }
}

extension APIAnswer {
    fileprivate static func policy(
        _ stored: StoredPolicy, status: HTTPResponse.Status = .ok
    ) -> APIAnswer {
        APIAnswer(status: status, headers: [.eTag: stored.entityTag], body: .json(stored.json))
    }
}

extension APIRequest {
    /// A change must say what it changes, so that nobody's change is lost unseen.
    fileprivate func policyPrecondition() throws -> PolicyPrecondition {
        if let tag = head.headerFields[.ifMatch] { return .matches(tag) }
        if head.headerFields[.ifNoneMatch] == "*" { return .absent }
        throw InputError.preconditionRequired(
            "send If-Match with the policy's ETag, or If-None-Match: * to create it")
    }
}

extension Policy {
    /// From a request whose shape was checked; whatever is left out gets its default.
    fileprivate init(request: JSON, name: String, version: Int) throws {
        guard let duration = try request.period("duration") else {
            throw InputError.invalid(field: "duration", allowed: "a period such as P90D")
        }
        try Self.checkLogged(request, name: name)
        let day = ValidityPeriod("72h")
        guard let activateWithin = try request.period("activate_within") ?? day else {
            throw InputError.invalid(field: "activate_within", allowed: "a period such as 72h")
        }
        let renewal = Renewal(
            count: request["renewal"]?["count"]?.integer ?? 0,
            period: try request["renewal"]?.period("period", field: "renewal.period"))
        try self.init(
            name: name, version: version, reference: request["reference"]?.string, duration: duration,
            durationStart: request["duration_start"]?.string.flatMap(DurationStart.init(rawValue:)) ?? .issue,
            activateWithin: activateWithin, usageLimit: request["usage_limit"]?.integer,
            deviceLimit: request["device_limit"]?.integer ?? 1,
            matching: request["fingerprint_matching"]?.string.flatMap(FingerprintMatching.init(rawValue:))
                ?? .most,
            roles: request.names("roles") ?? [], scopes: request.names("scopes") ?? [],
            approvals: request["approvals"]?.integer ?? 2,
            addressRanges: try request.addressRanges("ip_allow_list") ?? [], renewal: renewal)
    }

    /// These stand in the entry of every decision about a code of this policy.
    private static func checkLogged(_ request: JSON, name: String) throws {
        let identifiers = [("name", name), ("reference", request["reference"]?.string ?? name)]
        let grants = ["roles", "scopes"].flatMap { field in
            (request.names(field) ?? []).map { (field, $0) }
        }
        let refused =
            identifiers.first { !LoggedIdentifier.permits($0.1) }
            ?? grants.first { !LoggedIdentifier.permits(grant: $0.1) }
        if let refused {
            throw InputError.invalid(
                field: refused.0, allowed: "no code, secret or personal number: it stands in the log for ever"
            )
        }
    }
}
