import ActivationCodes
import Foundation
import Testing

@Suite("Fields")
struct FieldTests {
    private static let year = ValidityPeriod("P1Y")

    private static func policy(
        name: String = "hospital-his", version: Int = 1, reference: String? = "A.9.4.2-v2.1",
        usageLimit: Int? = 10,
        deviceLimit: Int = 5, scopes: [String] = ["claim.write", "claim.read", "claim.write"],
        approvals: Int = 2,
        ranges: [String] = ["10.0.0.0/8", "2001:db8::/32"], renewals: Int = 0
    ) throws -> Policy {
        try Policy(
            name: name, version: version, reference: reference, duration: #require(year),
            usageLimit: usageLimit,
            deviceLimit: deviceLimit, scopes: scopes, approvals: approvals,
            addressRanges: ranges.map { try #require(AddressRange($0)) }, renewal: .init(count: renewals))
    }

    private static func field(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? CodeFieldError)?.field
        }
    }

    @Test("a policy sorts its scopes, and has its defaults")
    func policy() throws {
        let policy = try Self.policy()
        #expect(policy.scopes == ["claim.read", "claim.write"])
        #expect(policy.activateWithin == ValidityPeriod("72h"))
        #expect(policy.durationStart == .issue)
    }

    @Test("a policy's wrong field is named")
    func policyFields() {
        #expect(Self.field { _ = try Self.policy(name: "Hospital") } == "name")
        #expect(Self.field { _ = try Self.policy(name: "") } == "name")
        #expect(Self.field { _ = try Self.policy(name: String(repeating: "a", count: 65)) } == "name")
        #expect(Self.field { _ = try Self.policy(version: 0) } == "version")
        #expect(Self.field { _ = try Self.policy(reference: "") } == "reference")
        #expect(Self.field { _ = try Self.policy(reference: "a b") } == "reference")
        #expect(Self.field { _ = try Self.policy(usageLimit: 0) } == "usage_limit")
        #expect(Self.field { _ = try Self.policy(usageLimit: 1_000_000_001) } == "usage_limit")
        #expect(Self.field { _ = try Self.policy(deviceLimit: 10_001) } == "device_limit")
        #expect(Self.field { _ = try Self.policy(scopes: ["é"]) } == "scopes")
        #expect(Self.field { _ = try Self.policy(scopes: (0..<65).map { "s\($0)" }) } == "scopes")
        #expect(Self.field { _ = try Self.policy(approvals: 4) } == "approvals")
        #expect(
            Self.field { _ = try Self.policy(ranges: .init(repeating: "::/0", count: 65)) }
                == "ip_allow_list")
        #expect(Self.field { _ = try Self.policy(renewals: 1001) } == "renewal.count")
    }

    private static func issue(_ terms: ActivationCode.Terms, policy: Policy? = nil) throws -> ActivationCode {
        let policy = try policy ?? Self.policy()
        return try ActivationCode(id: UUID(), index: 3, policy: policy, issuedAt: .day(0.0004), terms: terms)
    }

    @Test("terms that say nothing take the policy's")
    func defaults() throws {
        let code = try Self.issue(.init())
        #expect(code.state == .pending)
        #expect(code.createdAt == .day())
        #expect(code.notBefore == .day())
        #expect(try code.expiresAt == Date("2027-01-01T00:00:00Z"))
        #expect(code.activateBefore == .day(72 * 3600))
        #expect(code.usageLimit == 10)
        #expect(code.policyReference == "A.9.4.2-v2.1")
        #expect(code.renewalPeriod == Self.year)
    }

    @Test("terms narrow the policy")
    func narrowing() throws {
        let code = try Self.issue(
            .init(
                expiry: Expiry("2026-06-30T16:00:00Z"), activateWithin: ValidityPeriod("1h"), usageLimit: 1,
                deviceLimit: 2, scopes: ["claim.read"], addressRanges: [#require(AddressRange("10.1.0.0/16"))]
            ))
        #expect(try code.expiresAt == Date("2026-06-30T16:00:00Z"))
        #expect(code.activateBefore == .day(3600))
        #expect(code.usageLimit == 1)
        #expect(code.deviceLimit == 2)
        #expect(code.scopes == ["claim.read"])
        #expect(try Self.issue(.init(expiry: Expiry("72h"))).expiresAt == .day(72 * 3600))
    }

    @Test("terms that reach beyond the policy, or make no sense, name their field")
    func beyond() throws {
        let wide = try #require(AddressRange("0.0.0.0/0"))
        #expect(Self.field { _ = try Self.issue(.init(expiry: Expiry("P1Y1D"))) } == "expires")
        #expect(Self.field { _ = try Self.issue(.init(expiry: .at(.day(400 * 86_400)))) } == "expires")
        #expect(Self.field { _ = try Self.issue(.init(expiry: .at(.day()))) } == "expires")
        #expect(Self.field { _ = try Self.issue(.init(notBefore: .day(72 * 3600))) } == "not_before")
        #expect(
            Self.field { _ = try Self.issue(.init(activateWithin: ValidityPeriod("73h"))) }
                == "activate_within")
        #expect(Self.field { _ = try Self.issue(.init(usageLimit: 11)) } == "usage_limit")
        #expect(Self.field { _ = try Self.issue(.init(usageLimit: 0)) } == "usage_limit")
        #expect(Self.field { _ = try Self.issue(.init(deviceLimit: 6)) } == "device_limit")
        #expect(Self.field { _ = try Self.issue(.init(bindingKey: Data(count: 31))) } == "binding_key")
        #expect(Self.field { _ = try Self.issue(.init(roles: ["admin"])) } == "roles")
        #expect(Self.field { _ = try Self.issue(.init(scopes: ["claim.delete"])) } == "scopes")
        #expect(Self.field { _ = try Self.issue(.init(addressRanges: [wide])) } == "ip_allow_list")
        #expect(Self.field { _ = try Self.issue(.init(addressRanges: [])) } == "ip_allow_list")
    }

    @Test("metadata holds its limits")
    func metadata() throws {
        #expect(try CodeMetadata(["department": "心内科", "a.b-c_9": ""]).pairs.count == 2)
        #expect(Self.field { _ = try CodeMetadata(["Department": "x"]) } == "metadata")
        #expect(Self.field { _ = try CodeMetadata(["": "x"]) } == "metadata")
        #expect(Self.field { _ = try CodeMetadata(["a": "x\u{7}"]) } == "metadata.a")
        #expect(Self.field { _ = try CodeMetadata(["a": "x\u{85}"]) } == "metadata.a")
        #expect(
            Self.field { _ = try CodeMetadata(["a": String(repeating: "é", count: 257)]) } == "metadata.a")
        let many = Dictionary(uniqueKeysWithValues: (0..<33).map { ("k\($0)", "") })
        #expect(Self.field { _ = try CodeMetadata(many) } == "metadata")
    }

    private static func fingerprint(_ values: [UInt8]) throws -> DeviceFingerprint {
        let hashes = values.enumerated().map { ("c\($0)", Data(repeating: $1, count: 32)) }
        return try DeviceFingerprint(Dictionary(uniqueKeysWithValues: hashes))
    }

    @Test(
        "a fingerprint matches by its rule, counted over the registered components",
        arguments: [
            (FingerprintMatching.any, 0, false), (.any, 1, true), (.two, 1, false), (.two, 2, true),
            (.most, 2, false), (.most, 3, true), (.all, 3, false), (.all, 4, true),
        ])
    func matching(rule: FingerprintMatching, same: Int, expected: Bool) throws {
        let registered = try Self.fingerprint([1, 2, 3, 4])
        let presented = try Self.fingerprint((0..<12).map { $0 < same ? UInt8($0 + 1) : 99 })
        #expect(registered.matches(presented, rule) == expected)
    }

    @Test("a fingerprint holds its limits")
    func fingerprints() throws {
        #expect(Self.field { _ = try DeviceFingerprint([:]) } == "fingerprint")
        #expect(Self.field { _ = try DeviceFingerprint(["CPU": Data(count: 32)]) } == "fingerprint")
        #expect(Self.field { _ = try DeviceFingerprint(["cpu": Data(count: 31)]) } == "fingerprint.cpu")
        #expect(Self.field { _ = try Self.fingerprint(.init(repeating: 1, count: 17)) } == "fingerprint")
    }
}
