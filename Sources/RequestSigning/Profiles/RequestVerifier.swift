import HTTPTypes

/// Verifies requests of one profile, in steps that a caller can time and look up the key between:
/// ``read(_:)``, ``checkTime(_:now:)``, ``content(_:of:key:)``, ``verify(_:_:key:)``, and the nonce last
/// (``NonceWindow``), so that nobody can use up the nonces of others.
public struct RequestVerifier: Sendable {
    public let profile: Profile
    public let limits: JSONLimits

    public init(_ profile: Profile, limits: JSONLimits = .standard) {
        self.profile = profile
        self.limits = limits
    }

    /// The profile a request is signed by: what `X-Api-Version` names, else what its fields or body look
    /// like.
    ///
    /// Throws `unknown_version`, which names those that are known.
    public static func profile(of message: HTTPMessage) throws(SigningRefusal) -> Profile {
        if let version = message.head.headerFields.text("x-api-version") {
            if let profile = Profile(id: version) { return profile }
            throw unknownVersion("X-Api-Version names no known version.")
        }
        guard let profile = Profile.all.first(where: { $0.scheme.recognizes(message) }) else {
            throw unknownVersion("The request has no X-Api-Version and shows no known signature.")
        }
        return profile
    }

    /// The key that a request names, as far as that can be made out, whatever else is wrong with the request:
    /// whose it is can be told even if ``readAll(_:)`` refuses it. It proves nothing.
    public static func namedKey(of message: HTTPMessage) -> String? {
        let profile = try? profile(of: message)
        let named = PresentedParts(message, profile: profile?.id ?? "").keyID
        return named.flatMap { KeyIdentifier.isWellFormed($0) ? $0 : nil }
    }

    /// The signature presented, the first if there are several; everything's form is checked, nothing is
    /// verified.
    public func read(_ message: HTTPMessage) throws(SigningRefusal) -> PresentedSignature {
        try profile.scheme.read(message, as: profile, limits: limits)
    }

    /// All signatures presented, at least one; only `rfc9421` requests can have several. The one to verify is
    /// the first whose key is known.
    public func readAll(_ message: HTTPMessage) throws(SigningRefusal) -> [PresentedSignature] {
        try profile.scheme.readAll(message, as: profile, limits: limits)
    }

    /// Throws `timestamp_too_old` or `timestamp_in_future` unless the time is within the window, its edges
    /// included. A time written in seconds is compared with the second of `now`. An `rfc9421` signature whose
    /// `expires` has passed is `signature_expired`.
    ///
    /// - Parameters:
    ///   - now: unix milliseconds.
    ///   - seconds: a site's own window, where it is shorter than the profile's.
    public func checkTime(
        _ presented: PresentedSignature, now: Int64, within seconds: Int? = nil
    ) throws(SigningRefusal) {
        let unit: Int64 = presented.isWholeSeconds ? 1000 : 1
        let time = presented.isWholeSeconds ? UnixTime.seconds(presented.time) : presented.time
        let instant = now
        let now = presented.isWholeSeconds ? UnixTime.seconds(now) : now
        let (age, overflow) = now.subtractingReportingOverflow(time)
        let allowed = min(profile.window, seconds ?? profile.window)
        let window = Int64(allowed) * 1000 / unit
        if overflow ? now > time : age > window {
            throw SigningRefusal(
                .timestampTooOld, "The time is more than \(allowed) s behind the server's clock.")
        }
        if overflow || age < -window {
            throw SigningRefusal(
                .timestampInFuture, "The time is more than \(allowed) s ahead of the server's clock.")
        }
        try presented.requireUnexpired(at: instant)
    }

    /// The text that the signature has to be over, and the parameters in it.
    ///
    /// Throws `unknown_key` if the key isn't the one named, `key_not_for_profile`, and whatever is wrong with
    /// the body or the query.
    public func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey
    ) throws(SigningRefusal) -> SignedContent {
        try requireFit(presented, key)
        return try profile.scheme.content(presented, of: message, key: key, limits: limits)
    }

    /// Throws `signature_mismatch`, or `signature_malformed` for what isn't a signature of the profile's
    /// algorithm.
    public func verify(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> VerifiedCall {
        try requireFit(presented, key)
        guard try profile.scheme.isValid(presented, content, key: key) else {
            throw SigningRefusal(
                .signatureMismatch, "The signature isn't that of this key over this request.")
        }
        return VerifiedCall(
            profile: profile, keyID: presented.keyID, time: presented.time, nonce: presented.nonce,
            content: content)
    }

    /// All steps but the nonce's in one call.
    public func verify(
        _ message: HTTPMessage, now: Int64, key: VerificationKey
    ) throws(SigningRefusal) -> VerifiedCall {
        let presented = try read(message)
        try checkTime(presented, now: now)
        return try verify(presented, try content(presented, of: message, key: key), key: key)
    }

    /// What must be unique within the nonce's lifetime: the nonce's bytes, or where the profile has none, the
    /// signature (`csb`) or its SM3 (`envelope`, `fsi-sm`). Nothing else of the request counts, since all that
    /// the signature doesn't fix could be changed without breaking it.
    public func replayToken(of presented: PresentedSignature, in message: HTTPMessage) -> [UInt8] {
        profile.scheme.replayToken(of: presented, in: message)
    }

    private func requireFit(
        _ presented: PresentedSignature, _ key: VerificationKey
    ) throws(SigningRefusal) {
        guard presented.keyID == key.id else {
            throw SigningRefusal(.unknownKey, "The key isn't the one that the request names.")
        }
        guard presented.profile == profile else { throw DueSignature.unfit }
        try key.requireFit(for: profile)
    }

    private static func unknownVersion(_ finding: String) -> SigningRefusal {
        let known = Profile.all.map(\.id).joined(separator: ", ")
        return SigningRefusal(.unknownVersion, "\(finding) Known are \(known).")
    }
}
