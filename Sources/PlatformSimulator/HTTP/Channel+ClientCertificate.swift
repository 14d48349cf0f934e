import InsurancePlatform
import NIOCore
import NIOSSL

extension Channel {
    /// The subject of the certificate that the client showed; nil where it showed none.
    func clientCertificate() async throws -> String? {
        guard let certificate = try await nioSSL_peerCertificate().get() else { return nil }
        return CertificateFacts(der: try certificate.toDERBytes())?.subject ?? "unnamed"
    }
}
