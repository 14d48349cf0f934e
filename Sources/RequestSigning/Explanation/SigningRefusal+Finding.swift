extension SigningRefusal {
    /// The mistake that a refusal names by itself; nil where it takes a search (`signature_mismatch`) or the
    /// clock (`timestamp_…`).
    var finding: SignatureFinding? {
        guard let (mistake, certainty) = named else { return nil }
        return SignatureFinding(
            mistake, certainty, "网关的拒绝码：\(code.rawValue)。\(detail)", "\(code.rawValue): \(detail)")
    }

    private var named: (SignatureMistake, SignatureFinding.Certainty)? {
        switch code.rawValue {
        case "signature_mismatch", "timestamp_too_old", "timestamp_in_future", "timestamp_missing",
            "timestamp_not_a_number", "timestamp_in_milliseconds", "timestamp_malformed":
            nil
        case "nonce_missing", "nonce_malformed": (.badNonce, .proven)
        case "nonce_replayed": (.replayedNonce, .proven)
        case "retry_with_new_timestamp": (.nonceUsedElsewhere, .proven)
        case "both_spellings": (.fieldNames, .proven)
        case "number_out_of_range": (.numberText, .proven)
        case "byte_order_mark", "invalid_utf8", "lone_surrogate": (.textEncoding, .proven)
        case "duplicate_key": (.memberOrder, .proven)
        case "signature_malformed", "unknown_key", "unknown_version", "key_not_for_profile",
            "algorithm_mismatch":
            (.versionKeyOrEncoding, .likely)
        case "content_digest_mismatch": (.changedMessage, .proven)
        case "signature_expired": (.queued, .likely)
        case "invalid_json", "not_an_object", "too_deep", "body_too_large", "invalid_query":
            (.unreadableBody, .proven)
        default: (.missingPart, .likely)
        }
    }
}
