import HTTPTypes

/// Signs requests with one key by one profile.
///
/// Sign as the request is sent, never before it queues; a retry is signed afresh with a new nonce.
public struct RequestSigner: Sendable {
    public let profile: Profile
    public let key: SigningKey
    public let options: SigningOptions
    public let limits: JSONLimits

    public init(
        _ profile: Profile, key: SigningKey, options: SigningOptions = SigningOptions(),
        limits: JSONLimits = .standard
    ) {
        self.profile = profile
        self.key = key
        self.options = options
        self.limits = limits
    }

    /// The message with its signature, and with its body as the profile wants it on the wire: names in
    /// snake_case (v3.x, gm), encrypted (`envelope`, whose plain body is `data`; `fsi-sm`, whose plain body
    /// is the fsi envelope with `input` in the clear).
    ///
    /// - Parameters:
    ///   - time: unix milliseconds; profiles that write seconds drop the rest.
    ///   - nonce: see ``Nonce/fresh()``; not used where the profile has none.
    /// - Throws: `key_not_for_profile`, `nonce_malformed`, `key_id_malformed`, or what is wrong with the
    ///   body.
    public func sign(
        _ message: HTTPMessage, at time: Int64, nonce: String = ""
    ) throws(SigningRefusal) -> HTTPMessage {
        var signed = try profile.scheme.sign(due(message, time, nonce))
        // A request that shows no other mark of its version names it.
        if !profile.scheme.recognizes(signed) { signed.head.headerFields.set("X-Api-Version", profile.id) }
        return signed
    }

    /// The text that ``sign(_:at:nonce:)`` signs, without the secrets that `tif` and `envelope` put into it.
    public func signedBytes(
        of message: HTTPMessage, at time: Int64, nonce: String = ""
    ) throws(SigningRefusal) -> [UInt8] {
        try profile.scheme.signedBytes(due(message, time, nonce))
    }

    private func due(
        _ message: HTTPMessage, _ time: Int64, _ nonce: String
    ) throws(SigningRefusal) -> DueSignature {
        try key.requireFit(for: profile)
        guard KeyIdentifier.isWellFormed(key.id) else {
            throw SigningRefusal(.keyIDMalformed, "A key id is 1 to 128 printable ASCII characters.")
        }
        if profile.hasNonce { try Nonce.check(nonce) }
        return DueSignature(
            message: message, time: time, nonce: nonce, key: key, options: options, limits: limits)
    }
}
