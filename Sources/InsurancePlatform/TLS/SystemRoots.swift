internal import Foundation

/// Where systems keep the certification authorities that they trust, as one PEM file.
enum SystemRoots {
    private static let places = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
    ]

    /// The first that is there, or none.
    static var files: [String] {
        places.first { FileManager.default.isReadableFile(atPath: $0) }.map { [$0] } ?? []
    }
}
