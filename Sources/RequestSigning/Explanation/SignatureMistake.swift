/// What is known to go wrong between a client that signs and a gateway that verifies.
///
/// Seventeen of these have a ``number``; the others are what remains when none of those fits.
public enum SignatureMistake: String, Sendable, Hashable, CaseIterable {
    case slowClock = "slow_clock"
    case milliseconds = "milliseconds_for_seconds"
    case unreadableTime = "time_missing_or_no_number"
    /// No mistake: a time exactly on the window's edge is accepted.
    case windowEdge = "window_edge"
    case queued = "queued_after_signing"
    case replayedNonce = "nonce_replayed"
    case fastClock = "fast_clock"
    case badNonce = "nonce_badly_drawn"
    case nonceUsedElsewhere = "nonce_used_elsewhere"
    case surroundingSpace = "surrounding_white_space"
    case emptyValues = "empty_missing_null"
    case decodedNonce = "nonce_url_decoded"
    case fieldNames = "field_name_style"
    case numberText = "number_text"
    case textEncoding = "text_encoding"
    case memberOrder = "order_or_duplicates"
    case versionKeyOrEncoding = "version_key_or_encoding"
    case otherText = "other_text_signed"
    case changedMessage = "message_changed"
    case missingPart = "part_missing"
    case unreadableBody = "body_unreadable"

    /// 1…17; nil for what isn't among the seventeen.
    public var number: Int? {
        let index = Self.allCases.firstIndex(of: self) ?? Self.allCases.count
        return index < 17 ? index + 1 : nil
    }
}
