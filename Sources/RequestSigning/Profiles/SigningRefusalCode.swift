extension SigningRefusal {
    /// The stable name of a refusal, as a problem document's `code` carries it.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The signature names an algorithm that is not the key's (RFC 9421 §3.2).
        case algorithmMismatch = "algorithm_mismatch"
        /// The body is longer than ``JSONLimits/bytes``.
        case bodyTooLarge = "body_too_large"
        /// One object holds both the snake_case and the camelCase spelling of a name.
        case bothSpellings = "both_spellings"
        /// The body starts with a byte order mark, which JSON doesn't have.
        case byteOrderMark = "byte_order_mark"
        /// The value of a covered component can't be signed: not printable ASCII, or not of its form.
        case componentMalformed = "component_malformed"
        /// The message has not what the signature says it covers.
        case componentMissing = "component_missing"
        /// A signature covers one component twice.
        case componentRepeated = "component_repeated"
        /// A covered component is unknown here, or has a parameter that is.
        case componentUnsupported = "component_unsupported"
        /// Content-Digest isn't the dictionary of RFC 9530 §2.
        case contentDigestMalformed = "content_digest_malformed"
        /// A digest in Content-Digest isn't that of the body.
        case contentDigestMismatch = "content_digest_mismatch"
        /// A request with a body has no Content-Digest.
        case contentDigestMissing = "content_digest_missing"
        /// Content-Digest has neither sha-256 nor sha-512.
        case contentDigestUnsupported = "content_digest_unsupported"
        /// The signature doesn't cover all that it must.
        case coverageInsufficient = "coverage_insufficient"
        /// A name occurs twice in one object, or in the body as well as in the query.
        case duplicateKey = "duplicate_key"
        /// An `envelope` or `fsi-sm` body lacks a member, or holds one that isn't of its form.
        case envelopeMalformed = "envelope_malformed"
        /// The body isn't a JSON text (RFC 8259).
        case invalidJSON = "invalid_json"
        /// A percent sign in the query has no two hexadecimal digits behind it.
        case invalidQuery = "invalid_query"
        /// The body's text or the query isn't UTF-8; GBK, for one.
        case invalidUTF8 = "invalid_utf8"
        /// The key's identifier isn't 1–128 characters of printable ASCII without spaces and commas.
        case keyIDMalformed = "key_id_malformed"
        /// The request names no key.
        case keyIDMissing = "key_id_missing"
        /// A key, or what goes with it, can't be read or is too weak.
        case keyMalformed = "key_malformed"
        /// The key is of a kind or size that the profile doesn't use.
        case keyNotForProfile = "key_not_for_profile"
        /// A `\ud800`–`\udfff` escape has no partner, and the canonical form has no way to write it.
        case loneSurrogate = "lone_surrogate"
        /// The nonce isn't 16–64 characters of A–Z a–z 0–9 - _.
        case nonceMalformed = "nonce_malformed"
        /// The request has no nonce.
        case nonceMissing = "nonce_missing"
        /// The nonce was used before.
        case nonceReplayed = "nonce_replayed"
        /// No more nonces can be remembered at the moment.
        case nonceWindowFull = "nonce_window_full"
        /// What is signed must be a JSON object, and the body holds some other value.
        case notAnObject = "not_an_object"
        /// A number rounds to infinity, or is an integer of more than 4300 digits.
        case numberOutOfRange = "number_out_of_range"
        /// The request was stamped before this process could have known its nonce: sign it afresh.
        case retryWithNewTimestamp = "retry_with_new_timestamp"
        /// The time after which the signer no longer vouches has passed.
        case signatureExpired = "signature_expired"
        /// Signature-Input isn't the dictionary of RFC 9421 §4.1.
        case signatureInputMalformed = "signature_input_malformed"
        /// The signature isn't encoded as its profile wants it.
        case signatureMalformed = "signature_malformed"
        /// The signature isn't that of this key over this request.
        case signatureMismatch = "signature_mismatch"
        /// The request has no signature.
        case signatureMissing = "signature_missing"
        /// The time lies ahead of the server's by more than the window.
        case timestampInFuture = "timestamp_in_future"
        /// The time has 13 digits where unix seconds are due.
        case timestampInMilliseconds = "timestamp_in_milliseconds"
        /// The time has 10 digits where unix milliseconds are due.
        case timestampInSeconds = "timestamp_in_seconds"
        /// The time isn't the calendar date that the profile wants.
        case timestampMalformed = "timestamp_malformed"
        /// The request has no time.
        case timestampMissing = "timestamp_missing"
        /// The time isn't a plain decimal number.
        case timestampNotANumber = "timestamp_not_a_number"
        /// The time lies behind the server's by more than the window.
        case timestampTooOld = "timestamp_too_old"
        /// Arrays and objects enclose one another deeper than ``JSONLimits/depth``.
        case tooDeep = "too_deep"
        /// No key has the identifier that the request names.
        case unknownKey = "unknown_key"
        /// The request names a version that isn't known, or shows the marks of none.
        case unknownVersion = "unknown_version"
    }
}
