package import ActivationCodes
package import AuditLog
package import Foundation

/// The JSON documents that stand in columns, and in answers as they are: policies, terms, fingerprints, metadata.

extension JSON {
    package init(_ names: [String]) { self = .array(names.map(JSON.string)) }
    package init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    package init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
    package init(_ date: Date?) {
        self = date.map { .string(RFC3339.string(unixMilliseconds: $0.unixMilliseconds)) } ?? .null
    }
    package init(_ id: UUID?) { self = id.map { .string($0.lowercased) } ?? .null }

    /// The document without members that are null.
    package static func compact(_ members: [String: JSON]) -> JSON {
        .object(members.filter { $0.value != .null })
    }
}

extension Policy {
    package var document: JSON {
        .compact([
            "name": .string(name), "version": JSON(version), "reference": JSON(reference),
            "duration": .string(duration.description), "duration_start": .string(durationStart.rawValue),
            "activate_within": .string(activateWithin.description), "usage_limit": JSON(usageLimit),
            "device_limit": JSON(deviceLimit), "fingerprint_matching": .string(matching.rawValue),
            "roles": JSON(roles), "scopes": JSON(scopes), "approvals": JSON(approvals),
            "ip_allow_list": JSON(addressRanges.map(\.description)),
            "renewal": .compact([
                "count": JSON(renewal.count), "period": JSON(renewal.period?.description),
            ]),
        ])
    }

    /// Reads a stored document back; one that is not whole means that the file was changed from outside.
    init(stored text: String) throws {
        let document = try JSON(parsing: Array(text.utf8))
        func period(_ value: JSON?) -> ValidityPeriod? { value?.string.flatMap { ValidityPeriod($0) } }
        func names(_ key: String) -> [String] { document[key]?.array?.compactMap(\.string) ?? [] }
        guard let name = document["name"]?.string, let version = document["version"]?.integer,
            let duration = period(document["duration"]),
            let start = document["duration_start"]?.string.flatMap(DurationStart.init(rawValue:)),
            let activateWithin = period(document["activate_within"]),
            let deviceLimit = document["device_limit"]?.integer,
            let matching = document["fingerprint_matching"]?.string.flatMap(
                FingerprintMatching.init(rawValue:)),
            let approvals = document["approvals"]?.integer,
            let renewals = document["renewal"]?["count"]?.integer
        else { throw StorageError.corrupt("policy document") }
        try self.init(
            name: name, version: version, reference: document["reference"]?.string, duration: duration,
            durationStart: start, activateWithin: activateWithin,
            usageLimit: document["usage_limit"]?.integer, deviceLimit: deviceLimit, matching: matching,
            roles: names("roles"), scopes: names("scopes"), approvals: approvals,
            addressRanges: names("ip_allow_list").compactMap { AddressRange($0) },
            renewal: Renewal(count: renewals, period: period(document["renewal"]?["period"])))
    }
}

extension DeviceFingerprint {
    var storedText: String {
        JSON.object(components.mapValues { .string($0.base64EncodedString()) }).canonicalText
    }

    init(stored text: String) throws {
        let members = try JSON(parsing: Array(text.utf8)).object ?? [:]
        try self.init(members.mapValues { $0.string.flatMap { Data(base64Encoded: $0) } ?? Data() })
    }
}

extension CodeMetadata {
    /// Nil stands for no metadata at all, which most codes have.
    var storedText: String? {
        pairs.isEmpty ? nil : JSON.object(pairs.mapValues(JSON.string)).canonicalText
    }

    init(storedText: String?) throws {
        guard let storedText else {
            try self.init([:])
            return
        }
        try self.init((try JSON(parsing: Array(storedText.utf8)).object ?? [:]).compactMapValues(\.string))
    }
}
