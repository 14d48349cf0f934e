/// What a site wants written differently within one profile; verification takes either.
public struct SigningOptions: Sendable, Hashable {
    /// The two names of one scheme's header fields.
    public enum GatewayFamily: String, Sendable, Hashable, CaseIterable {
        case tif, rio
    }

    public enum Resolution: String, Sendable, Hashable, CaseIterable {
        case seconds, milliseconds
    }

    /// `tif`: `x-tif-…` or `x-rio-…`.
    public var family: GatewayFamily
    /// `tif`: whether the signature is written in upper-case hex.
    public var usesUppercaseHex: Bool
    /// `csb`: the unit of `_api_timestamp`.
    public var resolution: Resolution

    public init(
        family: GatewayFamily = .tif, usesUppercaseHex: Bool = false, resolution: Resolution = .milliseconds
    ) {
        self.family = family
        self.usesUppercaseHex = usesUppercaseHex
        self.resolution = resolution
    }
}
