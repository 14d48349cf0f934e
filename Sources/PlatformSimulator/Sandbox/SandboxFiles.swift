import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// The certificates in a sandbox's directory: made at the first start, kept until they end.
struct SandboxFiles: Sendable {
    static let authorityCertificate = "ca.pem"
    static let authorityKey = "ca.key.pem"
    static let clientCertificate = "client/client.pem"
    static let clientKey = "client/client.key.pem"
    static let clientBundle = "client/client.p12"
    static let clientBundlePassphrase = "client/client.p12.passphrase"

    let authority: CertificateAuthority
    let server: IssuedCertificate

    private static let day: TimeInterval = 86_400

    init(in directory: SandboxDirectory, hosts: [String], now: Date) throws {
        if directory.exists(Self.authorityCertificate) {
            authority = try CertificateAuthority(
                certificatePEM: directory.read(Self.authorityCertificate),
                keyPEM: directory.read(Self.authorityKey))
        } else {
            authority = try CertificateAuthority.make(named: "Hufu Sandbox CA", now: now)
            try directory.write(Self.authorityKey, authority.key.pemRepresentation)
            try directory.write(Self.authorityCertificate, authority.certificatePEM())
        }
        // A new one at each start costs nothing, and fits the hosts of today.
        server = try authority.issue(.server(hosts), now: now)
        try directory.write("server.pem", server.certificatePEM)
        try directory.write("server.key.pem", server.keyPEM)
        try Self.writeClient(directory, authority, now)
    }

    private static func writeClient(
        _ directory: SandboxDirectory, _ authority: CertificateAuthority, _ now: Date
    ) throws {
        if directory.exists(clientCertificate), directory.exists(clientKey), directory.exists(clientBundle) {
            let known = try Certificate(pemEncoded: directory.read(clientCertificate))
            let isOurs = authority.certificate.publicKey.isValidSignature(known.signature, for: known)
            if isOurs, known.notValidAfter > now + 30 * day { return }
        }
        let issued = try authority.issue(.client("hufu-sandbox-client"), now: now)
        try directory.write(clientCertificate, issued.certificatePEM)
        try directory.write(clientKey, issued.keyPEM)
        let passphrase = try directory.secret(clientBundlePassphrase) {
            Hexadecimal.text(SandboxCredentials.randomBytes(16))
        }
        let bundle = NIOSSLPKCS12Bundle(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(issued.certificatePEM.utf8)),
            privateKey: try NIOSSLPrivateKey(bytes: Array(issued.keyPEM.utf8), format: .pem))
        try directory.write(clientBundle, bytes: bundle.serialize(passphrase: Array(passphrase.utf8)))
    }
}
