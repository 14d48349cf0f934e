extension PKCS12 {
    /// A certificate as it lies in a file, of whatever algorithm.
    public struct Certificate: Sendable, Hashable {
        /// X.509 in DER, not looked into.
        public let derRepresentation: [UInt8]
        /// A name for people.
        public let friendlyName: String?
        /// Equal to the one of its private key.
        public let localKeyID: [UInt8]?
    }
}

extension SM2Certificate {
    /// A certificate from a PKCS#12 file; one without anything of SM2 is refused with `unsupportedAlgorithm`.
    public init(_ certificate: PKCS12.Certificate) throws(SM2CertificateError) {
        try self.init(derRepresentation: certificate.derRepresentation)
    }
}
