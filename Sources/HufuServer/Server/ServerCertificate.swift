import InsurancePlatform
import NIOSSL

/// The server's own certificate and key: while it serves, each new connection takes the newest that are sound,
/// and those that stand go on.
struct ServerCertificate: Sendable {
    let material: TLSMaterial
    private let tls: ReloadingServerTLS

    /// - Parameter now: unix milliseconds.
    init(_ files: ServerConfiguration.TLS, now: Int64) throws {
        let identity = TLSFiles.Identity.pem(certificate: files.certificateFile, key: files.keyFile)
        do throws(TLSMaterialError) {
            material = try TLSMaterial(TLSFiles(identity: identity), role: .server, now: now)
        } catch {
            throw DataDirectory.Unusable(description: "tls-certificate with tls-key: \(error)")
        }
        tls = try ReloadingServerTLS(material)
    }

    /// For the listening socket's whole life.
    var configuration: TLSConfiguration { tls.configuration }

    /// Prometheus text exposition format 0.0.4.
    func metrics(now: Int64) -> String {
        let health = material.health(now: now)
        var gauges = [
            Gauge(
                "hufu_server_certificate_generation", "Certificates taken since the start.",
                health.generation),
            Gauge(
                "hufu_server_certificate_refused", "1 while the files as they lie there don't count.",
                health.problem == nil ? 0 : 1),
        ]
        if let days = health.leafDays {
            gauges.append(
                Gauge("hufu_server_certificate_days", "Days until the server's certificate ends.", days))
        }
        return gauges.map(\.text).joined()
    }
}
