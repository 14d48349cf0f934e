/// The files that one side of a TLS connection is made of. All are read again by ``TLSMaterial/reload(now:)``.
public struct TLSFiles: Sendable, Hashable {
    /// The own certificate with its key.
    public enum Identity: Sendable, Hashable {
        /// PEM: the certificate first, then its intermediates; the key as PKCS#8, PKCS#1 or SEC 1, encrypted or not.
        case pem(certificate: String, key: String)
        /// PKCS#12: the key, its certificate, the intermediates in any order.
        case pkcs12(String)
    }

    /// Nil for a client that shows no certificate.
    public var identity: Identity?
    /// A file that holds the passphrase of the key or of the PKCS#12 file; line ends at its end don't count.
    public var passphrase: String?
    /// PEM files with the only certification authorities that the peer is trusted by.
    public var roots: [String]

    public init(identity: Identity? = nil, passphrase: String? = nil, roots: [String] = []) {
        self.identity = identity
        self.passphrase = passphrase
        self.roots = roots
    }
}
