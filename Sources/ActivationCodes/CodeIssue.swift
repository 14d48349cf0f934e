public import Foundation

extension ActivationCode {
    /// What an application may set for its codes, always within the policy: narrower, never wider. `nil`
    /// takes what the policy says.
    public struct Terms: Sendable, Equatable {
        /// `nil`: from issue.
        public var notBefore: Date?
        /// Relative to issue or first activation, as the policy's duration is.
        public var expiry: Expiry?
        public var activateWithin: ValidityPeriod?
        public var usageLimit: Int?
        public var deviceLimit: Int?
        /// RFC 7638 SHA-256 thumbprint, 32 bytes.
        public var bindingKey: Data?
        public var roles: [String]?
        public var scopes: [String]?
        public var addressRanges: [AddressRange]?
        public var metadata: CodeMetadata

        public init(
            notBefore: Date? = nil, expiry: Expiry? = nil, activateWithin: ValidityPeriod? = nil,
            usageLimit: Int? = nil, deviceLimit: Int? = nil, bindingKey: Data? = nil,
            roles: [String]? = nil, scopes: [String]? = nil, addressRanges: [AddressRange]? = nil,
            metadata: CodeMetadata = CodeMetadata()
        ) {
            self.notBefore = notBefore
            self.expiry = expiry
            self.activateWithin = activateWithin
            self.usageLimit = usageLimit
            self.deviceLimit = deviceLimit
            self.bindingKey = bindingKey
            self.roles = roles
            self.scopes = scopes
            self.addressRanges = addressRanges
            self.metadata = metadata
        }
    }

    /// A new code, pending.
    ///
    /// - Parameter index: dense, from 0; the caller owns the numbering.
    /// - Throws: the first term that has no allowed form or reaches beyond the policy.
    public init(id: UUID, index: Int, policy: Policy, issuedAt: Date, terms: Terms = Terms())
        throws(CodeFieldError)
    {
        let issuedAt = issuedAt.wholeMilliseconds
        let notBefore = terms.notBefore?.wholeMilliseconds ?? issuedAt
        let times = try Self.times(policy: policy, issuedAt: issuedAt, notBefore: notBefore, terms: terms)
        if let bindingKey = terms.bindingKey {
            try FieldForm.require(bindingKey.count == 32, "binding_key", "32 bytes, a SHA-256 thumbprint")
        }
        self.init(
            id: id, index: index, state: .pending, suspendedFrom: nil,
            policyName: policy.name, policyVersion: policy.version, policyReference: policy.reference,
            createdAt: issuedAt, notBefore: notBefore, expiresAt: times.expiresAt,
            activateBefore: times.activateBefore, duration: times.duration,
            durationStart: policy.durationStart,
            usageLimit: try Self.limit(
                terms.usageLimit, Policy.usageLimits, within: policy.usageLimit, "usage_limit"),
            usedCount: 0,
            deviceLimit: try Self.limit(
                terms.deviceLimit, Policy.deviceLimits, within: policy.deviceLimit, "device_limit")
                ?? policy.deviceLimit,
            matching: policy.matching, bindingKey: terms.bindingKey,
            roles: try Self.subset(terms.roles, of: policy.roles, "roles"),
            scopes: try Self.subset(terms.scopes, of: policy.scopes, "scopes"),
            addressRanges: try Self.ranges(terms.addressRanges, within: policy.addressRanges),
            renewalsLeft: policy.renewal.count, renewalPeriod: policy.renewal.period ?? policy.duration,
            metadata: terms.metadata, revocation: nil)
    }

    private typealias Times = (expiresAt: Date?, activateBefore: Date, duration: ValidityPeriod)

    private static func times(
        policy: Policy, issuedAt: Date, notBefore: Date, terms: Terms
    ) throws(CodeFieldError) -> Times {
        let window = policy.activateWithin.date(after: issuedAt)
        let activateBefore = terms.activateWithin?.date(after: issuedAt) ?? window
        try FieldForm.require(
            activateBefore <= window, "activate_within",
            "no longer than the policy's \(policy.activateWithin)")
        try FieldForm.require(
            notBefore < activateBefore, "not_before", "earlier than the end of the activation window")
        // Where the duration starts with the first activation, the latest start is the end of the window.
        let latestStart = policy.durationStart == .issue ? issuedAt : activateBefore
        let latestEnd = policy.duration.date(after: latestStart)
        try FieldForm.require(
            terms.expiry.map { $0.date(from: latestStart) <= latestEnd } ?? true,
            "expires", "no later than the policy's \(policy.duration)")

        var duration = policy.duration
        if case .after(let period) = terms.expiry { duration = period }
        var expiresAt: Date? = policy.durationStart == .issue ? duration.date(after: issuedAt) : nil
        if case .at(let date) = terms.expiry { expiresAt = date.wholeMilliseconds }
        try FieldForm.require(
            expiresAt.map { $0 > max(notBefore, issuedAt) } ?? true,
            "expires", "later than the issue and not_before")
        return (expiresAt, activateBefore, duration)
    }

    private static func limit(
        _ wanted: Int?, _ allowed: ClosedRange<Int>, within policy: Int?, _ field: String
    ) throws(CodeFieldError) -> Int? {
        guard let wanted else { return policy }
        try FieldForm.require(wanted, in: 1...(policy ?? allowed.upperBound), field)
        return wanted
    }

    private static func subset(
        _ wanted: [String]?, of granted: [String], _ field: String
    ) throws(CodeFieldError) -> [String] {
        guard let wanted else { return granted }
        let wantedOnce = Set(wanted)
        try FieldForm.require(
            wantedOnce.isSubset(of: granted), field,
            "of the policy's: \(granted.isEmpty ? "none" : granted.joined(separator: ", "))")
        return wantedOnce.sorted()
    }

    private static func ranges(
        _ wanted: [AddressRange]?, within policy: [AddressRange]
    ) throws(CodeFieldError) -> [AddressRange] {
        guard let wanted else { return policy }
        try FieldForm.require(wanted.count <= 64, "ip_allow_list", "at most 64")
        // An empty list means anywhere, so it is the widest of all.
        let isWithin =
            policy.isEmpty
            || !wanted.isEmpty && wanted.allSatisfy { range in policy.contains { $0.contains(range) } }
        try FieldForm.require(
            isWithin, "ip_allow_list",
            "within the policy's: \(policy.map(\.description).joined(separator: ", "))")
        return wanted
    }
}
