public import Foundation

/// The circumstances in which somebody presents a code.
public struct Claim: Sendable {
    /// The authority's clock, not the caller's.
    public var now: Date
    /// Where the call comes from; `nil` where that is unknown, which no address list permits.
    public var address: IPAddress?

    public init(now: Date, address: IPAddress?) {
        self.now = now
        self.address = address
    }
}
