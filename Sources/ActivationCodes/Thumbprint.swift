public import Crypto
public import Foundation

extension P256.Signing.PublicKey {
    /// The JWK thumbprint of RFC 7638 with SHA-256: 32 bytes. It names a device's key in bindings and leases.
    public var thumbprint: Data {
        // Both coordinates at full length; §3.2: required members only, in lexicographic order, no white
        // space.
        let coordinates = rawRepresentation
        let x = Base64URL.encode(coordinates.prefix(32))
        let y = Base64URL.encode(coordinates.suffix(32))
        let json = #"{"crv":"P-256","kty":"EC","x":"\#(x)","y":"\#(y)"}"#
        return Data(SHA256.hash(data: Data(json.utf8)))
    }
}
