import ActivationCodes
import AuditLog
import Foundation
import Storage

extension ActivationCode.Terms {
    /// Reads what an application narrows. The document's shape was checked against its schema; here each value
    /// gets its meaning or a refusal that names the field.
    init(document: JSON) throws {
        self.init()
        notBefore = try document.moment("not_before", field: "terms.not_before")
        if let text = document["expires"]?.string {
            guard let expiry = Expiry(text) else {
                throw InputError.invalid(
                    field: "terms.expires",
                    allowed: "a period such as 72h or P90D, or an ISO 8601 time with offset")
            }
            self.expiry = expiry
        }
        activateWithin = try document.period("activate_within", field: "terms.activate_within")
        usageLimit = document["usage_limit"]?.integer
        deviceLimit = document["device_limit"]?.integer
        if let text = document["binding_key"]?.string {
            guard let thumbprint = Data(base64URL: text), thumbprint.count == 32 else {
                throw InputError.invalid(
                    field: "terms.binding_key", allowed: "a JWK thumbprint: 32 bytes in base64url")
            }
            bindingKey = thumbprint
        }
        roles = document.names("roles")
        scopes = document.names("scopes")
        addressRanges = try document.addressRanges("ip_allow_list", field: "terms.ip_allow_list")
        metadata = try CodeMetadata((document["metadata"]?.object ?? [:]).compactMapValues(\.string))
    }
}

extension JSON {
    func names(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }

    func moment(_ key: String, field: String? = nil) throws -> Date? {
        guard let text = self[key]?.string else { return nil }
        guard let milliseconds = RFC3339.unixMilliseconds(text) else {
            throw InputError.invalid(
                field: field ?? key, allowed: "an RFC 3339 time such as 2026-12-31T00:00:00Z")
        }
        return Date(unixMilliseconds: milliseconds)
    }

    func period(_ key: String, field: String? = nil) throws -> ValidityPeriod? {
        guard let text = self[key]?.string else { return nil }
        guard let period = ValidityPeriod(text) else {
            throw InputError.invalid(
                field: field ?? key, allowed: "a period such as 72h, 90d or P90D, at most 100 years")
        }
        return period
    }

    func addressRanges(_ key: String, field: String? = nil) throws -> [AddressRange]? {
        try names(key)?.map { text in
            guard let range = AddressRange(text) else {
                throw InputError.invalid(
                    field: field ?? key,
                    allowed: "CIDR ranges without host bits, such as 10.0.0.0/8 or 2001:db8::/32")
            }
            return range
        }
    }
}
