/// Who makes a verified call, and what the key it was signed with is allowed: the same for every profile.
public struct AuthClaims: Sendable, Hashable {
    public let institution: String
    public let device: String
    /// The identifier of the activation code that binds the device, never the code itself.
    public let code: String
    public let scopes: Set<String>
    public let profile: Profile
    public let keyID: String
    /// When the call was signed, in unix milliseconds.
    public let time: Int64

    /// The claims of a call, from the record of its key.
    public init(
        _ call: VerifiedCall, institution: String, device: String, code: String, scopes: Set<String>
    ) {
        self.institution = institution
        self.device = device
        self.code = code
        self.scopes = scopes
        profile = call.profile
        keyID = call.keyID
        time = call.time
    }

    public func permits(_ scope: String) -> Bool { scopes.contains(scope) }
}
