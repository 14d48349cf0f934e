extension PresentedSignature {
    /// Throws `signature_expired` once the second of `expires` has passed (RFC 9421 §2.3); no clock is allowed for,
    /// since the signer chose the limit, and the window bounds every time anyway.
    ///
    /// - Parameter now: unix milliseconds.
    func requireUnexpired(at now: Int64) throws(SigningRefusal) {
        if let expires = messageSignature?.parameters.expires, UnixTime.seconds(now) > expires {
            throw SigningRefusal(.signatureExpired, "The time in expires has passed.")
        }
    }
}
