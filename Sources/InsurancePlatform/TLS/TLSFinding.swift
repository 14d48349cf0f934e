public import RequestSigning

/// One thing that is wrong, or will be.
public struct TLSFinding: Sendable, Hashable {
    public enum Certainty: String, Sendable, Hashable {
        /// Seen, or computed from what was seen.
        case proven
        /// Fits what was seen best.
        case likely
    }

    public let fault: TLSFault
    public let certainty: Certainty
    /// Which certificate, counted from 0 as served; nil where it is none of them.
    public let certificate: Int?
    /// What was seen here: names, dates, bytes.
    public let detail: BilingualText

    init(
        _ fault: TLSFault, certainty: Certainty = .proven, certificate: Int? = nil,
        _ chinese: String = "", _ english: String = ""
    ) {
        self.fault = fault
        self.certainty = certainty
        self.certificate = certificate
        detail = BilingualText(chinese, english)
    }

    public var cause: BilingualText { fault.cause }
    public var cure: BilingualText { fault.cure }
}
