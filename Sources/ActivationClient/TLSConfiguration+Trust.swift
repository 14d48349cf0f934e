import NIOSSL

extension TLSConfiguration {
    /// A client's configuration that trusts the certificates of a PEM file and no others; nil without a file,
    /// which leaves the system's.
    static func trusting(_ file: String?) throws -> TLSConfiguration? {
        guard let file else { return nil }
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file))
        } catch {
            throw PrivateFileError(path: file, reason: "no PEM certificates can be read from it")
        }
        return configuration
    }
}
