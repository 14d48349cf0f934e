internal import Crypto
internal import Foundation
internal import RequestSigning

extension TLSReport {
    /// The report as one JSON object in UTF-8, names in alphabetical order:
    /// `{"address":…,"chain":[{"subject":…,"issuer":…,"serial_number":…,"not_before":…,"not_after":…,"key":…,
    /// "signature":…,"is_ca":…,"key_usage":[…]|null,"extended_key_usage":[…]|null,"names":[…],"issuer_locations":[…],
    /// "sha256":…}],"findings":[{"fault":…,"severity":"fault"|"warning","certainty":…,"certificate":…|null,
    /// "detail":{"zh":…,"en":…},"cause":{…},"cure":{…}}],"host":…,"port":…,"server_name":…,"steps":[{"step":…,
    /// "state":…,"title":{…},"text":…}],"verdict":…,"version":…}`. Times are RFC 3339.
    public var json: [UInt8] {
        let value: [String: Any] = [
            "host": host, "port": port, "server_name": serverName, "address": address ?? NSNull(),
            "version": version ?? NSNull(), "verdict": verdict.rawValue, "chain": chain.map(\.json),
            "findings": findings.map(\.json), "steps": steps.map(\.json),
        ]
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        return (try? JSONSerialization.data(withJSONObject: value, options: options)).map { Array($0) } ?? []
    }
}

extension TLSStep {
    fileprivate var json: [String: Any] {
        ["step": name.rawValue, "state": state.rawValue, "title": title.json, "text": text]
    }
}

extension TLSFinding {
    fileprivate var json: [String: Any] {
        [
            "fault": fault.rawValue, "severity": fault.isWarning ? "warning" : "fault",
            "certainty": certainty.rawValue, "certificate": certificate ?? NSNull(), "detail": detail.json,
            "cause": cause.json, "cure": cure.json,
        ]
    }
}

extension BilingualText {
    fileprivate var json: [String: Any] { ["zh": chinese, "en": english] }
}

extension CertificateFacts {
    /// SHA-256 of the whole certificate, hexadecimal: what is compared over another channel.
    public var fingerprint: String {
        SHA256.hash(data: der).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    fileprivate var json: [String: Any] {
        [
            "subject": subject, "issuer": issuer, "serial_number": serialNumber,
            "not_before": TLSDate.text(notBefore), "not_after": TLSDate.text(notAfter), "key": keyAlgorithm,
            "signature": signatureAlgorithm, "is_ca": isAuthority, "key_usage": keyUsage ?? NSNull(),
            "extended_key_usage": extendedKeyUsage ?? NSNull(), "names": dnsNames + addresses,
            "issuer_locations": issuerLocations, "sha256": fingerprint,
        ]
    }
}
