/// The terms under which codes are issued: named, versioned, and immutable as soon as a code refers to it.
public struct Policy: Sendable, Equatable {
    /// When a code's duration begins.
    public enum DurationStart: String, CaseIterable, Sendable {
        case issue
        case firstActivation = "first_activation"
    }

    /// How often a code may be renewed, and for how long each time.
    public struct Renewal: Sendable, Equatable {
        /// 0…1000.
        public var count: Int
        /// `nil`: the policy's duration.
        public var period: ValidityPeriod?

        public init(count: Int = 0, period: ValidityPeriod? = nil) {
            self.count = count
            self.period = period
        }
    }

    /// `^[a-z][a-z0-9-]{0,63}$`.
    public var name: String
    /// At least 1.
    public var version: Int
    /// The rule behind the policy, such as `A.9.4.2-v2.1`: 1…64 of `[A-Za-z0-9._-]`.
    public var reference: String?
    public var duration: ValidityPeriod
    public var durationStart: DurationStart
    /// From issue to the end of the window for the first activation.
    public var activateWithin: ValidityPeriod
    /// 1…1,000,000,000; `nil`: unlimited.
    public var usageLimit: Int?
    /// 1…10,000.
    public var deviceLimit: Int
    public var matching: FingerprintMatching
    /// At most 64, sorted, unique, each `^[a-z][a-z0-9._:-]{0,63}$`; as are ``scopes``.
    public var roles: [String]
    public var scopes: [String]
    /// How many distinct operators must approve an application: 0…3.
    public var approvals: Int
    /// At most 64; empty: anywhere.
    public var addressRanges: [AddressRange]
    public var renewal: Renewal

    static let usageLimits = 1...1_000_000_000
    static let deviceLimits = 1...10_000

    /// - Throws: the first field that doesn't have its allowed form. Roles and scopes are sorted and made
    ///   unique.
    public init(
        name: String, version: Int = 1, reference: String? = nil,
        duration: ValidityPeriod, durationStart: DurationStart = .issue,
        activateWithin: ValidityPeriod = .defaultActivationWindow,
        usageLimit: Int? = nil, deviceLimit: Int = 1, matching: FingerprintMatching = .most,
        roles: [String] = [], scopes: [String] = [], approvals: Int = 0,
        addressRanges: [AddressRange] = [], renewal: Renewal = Renewal()
    ) throws(CodeFieldError) {
        try FieldForm.require(
            FieldForm.matches(name, 1...64, first: .lowercase, others: [.lowercase, .digits, .hyphen]),
            "name", "^[a-z][a-z0-9-]{0,63}$")
        try FieldForm.require(version >= 1, "version", "an integer from 1")
        if let reference {
            let characters: CharacterClass = [.lowercase, .uppercase, .digits, .dotHyphen, .underscore]
            try FieldForm.require(
                FieldForm.matches(reference, 1...64, first: characters, others: characters),
                "reference", "1 to 64 of [A-Za-z0-9._-]")
        }
        if let usageLimit { try FieldForm.require(usageLimit, in: Self.usageLimits, "usage_limit") }
        try FieldForm.require(deviceLimit, in: Self.deviceLimits, "device_limit")
        try FieldForm.require(approvals, in: 0...3, "approvals")
        try FieldForm.require(addressRanges.count <= 64, "ip_allow_list", "at most 64")
        try FieldForm.require(renewal.count, in: 0...1000, "renewal.count")
        self.name = name
        self.version = version
        self.reference = reference
        self.duration = duration
        self.durationStart = durationStart
        self.activateWithin = activateWithin
        self.usageLimit = usageLimit
        self.deviceLimit = deviceLimit
        self.matching = matching
        self.roles = try FieldForm.grants(roles, "roles")
        self.scopes = try FieldForm.grants(scopes, "scopes")
        self.approvals = approvals
        self.addressRanges = addressRanges
        self.renewal = renewal
    }
}

extension ValidityPeriod {
    /// 72 hours: how long a code may wait for its first activation where the policy doesn't say.
    public static let defaultActivationWindow = ValidityPeriod(hours: 72)
}
