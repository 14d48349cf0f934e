public import Foundation

/// How many components of a registered fingerprint must be found again.
public enum FingerprintMatching: String, CaseIterable, Sendable {
    /// At least one.
    case any
    /// At least two.
    case two
    /// More than half.
    case most
    /// Every one.
    case all
}

/// What a machine is recognized by: component names (`machine_id`, `cpu`) and a 32-byte hash of each.
///
/// The device hashes with the product's salt, so no serial number leaves it.
public struct DeviceFingerprint: Sendable, Equatable {
    /// Name → 32-byte salted hash.
    public private(set) var components: [String: Data]

    /// - Parameter components: 1…16; a name is `^[a-z][a-z0-9_]{0,31}$`, a hash has 32 bytes.
    public init(_ components: [String: Data]) throws(CodeFieldError) {
        try FieldForm.require(1...16 ~= components.count, "fingerprint", "1 to 16 components")
        for (name, hash) in components {
            try FieldForm.require(
                FieldForm.matches(
                    name, 1...32, first: .lowercase, others: [.lowercase, .digits, .underscore]),
                "fingerprint", "component names that are ^[a-z][a-z0-9_]{0,31}$")
            try FieldForm.require(hash.count == 32, "fingerprint.\(name)", "32 bytes")
        }
        self.components = components
    }

    /// Whether `other`, presented now, is the machine of this registered fingerprint.
    ///
    /// Counts over the registered components: presenting more of them helps nobody. Every component is
    /// compared wholly, so the time tells neither where nor how many differ.
    public func matches(_ other: DeviceFingerprint, _ rule: FingerprintMatching) -> Bool {
        var found = 0
        for (name, hash) in components {
            let presented = other.components[name] ?? Data(count: 0)
            found += equalInConstantTime(hash, presented) ? 1 : 0
        }
        switch rule {
        case .any: return found >= 1
        case .two: return found >= 2
        case .most: return found * 2 > components.count
        case .all: return found == components.count
        }
    }
}
