public import NIOSSL

extension TLSMaterial {
    /// One consistent set: a certificate, its own key, the roots.
    public struct Pair: Sendable {
        /// Counts up from 1 with each set taken: a client keeps its connections while this stays.
        public let generation: Int
        /// The own certificate and its intermediates; empty for a client that shows none.
        public let chain: [NIOSSLCertificate]
        public let roots: [NIOSSLCertificate]
        /// The own certificate's subject.
        public let subject: String?
        /// Unix milliseconds: when the own certificate, or the first of its intermediates, ends.
        public let leafNotAfter: Int64?
        /// Unix milliseconds: when the first of the roots ends.
        public let rootsNotAfter: Int64?
        let key: NIOSSLPrivateKey?

        /// For a client: full verification against the roots alone, TLS 1.2 at least.
        public var client: TLSConfiguration {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.minimumTLSVersion = .tlsv12
            settings.certificateVerification = .fullVerification
            settings.trustRoots = .certificates(roots)
            settings.certificateChain = chain.map { .certificate($0) }
            settings.privateKey = key.map { .privateKey($0) }
            return settings
        }

        /// What a handshake under way takes in place of its context's certificate.
        var replacement: NIOSSLContextConfigurationOverride {
            var replacement = NIOSSLContextConfigurationOverride()
            replacement.certificateChain = chain.map { .certificate($0) }
            replacement.privateKey = key.map { .privateKey($0) }
            return replacement
        }
    }
}
