import Crypto
import Foundation
import SwiftASN1
import X509

/// A certification authority of the sandbox's own: an ECDSA P-256 key and a certificate it signed itself.
struct CertificateAuthority: Sendable {
    let key: P256.Signing.PrivateKey
    let certificate: Certificate

    /// What a leaf is for.
    enum Purpose: Sendable {
        /// Host names and addresses, the first of which is the common name.
        case server([String])
        /// The client's name.
        case client(String)
    }

    private static let day: TimeInterval = 86_400

    /// A new authority, valid for ten years.
    static func make(named name: String, now: Date) throws -> CertificateAuthority {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName {
            CommonName(name)
            OrganizationName("Hufu sandbox, made-up data only")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: now - day, notValidAfter: now + 3650 * day, issuer: subject, subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
            },
            issuerPrivateKey: .init(key))
        return CertificateAuthority(key: key, certificate: certificate)
    }

    init(key: P256.Signing.PrivateKey, certificate: Certificate) {
        self.key = key
        self.certificate = certificate
    }

    init(certificatePEM: String, keyPEM: String) throws {
        key = try P256.Signing.PrivateKey(pemRepresentation: keyPEM)
        certificate = try Certificate(pemEncoded: certificatePEM)
        guard certificate.publicKey == Certificate.PublicKey(key.publicKey) else {
            throw SandboxError("ca.pem and ca.key.pem don't belong together: remove both to have new ones")
        }
    }

    /// A leaf valid from `start` to `end`.
    func issue(_ purpose: Purpose, from start: Date, to end: Date) throws -> IssuedCertificate {
        let key = P256.Signing.PrivateKey()
        let name: String
        let usage: ExtendedKeyUsage
        var names: [GeneralName] = []
        switch purpose {
        case .server(let hosts):
            name = hosts.first ?? "localhost"
            usage = try ExtendedKeyUsage([.serverAuth])
            names = hosts.map { host in
                IPAddressBytes(host).map { .ipAddress(ASN1OctetString(contentBytes: $0.bytes[...])) }
                    ?? .dnsName(host)
            }
        case .client(let client):
            name = client
            usage = try ExtendedKeyUsage([.clientAuth])
        }
        let issuer = SubjectKeyIdentifier(hash: certificate.publicKey)
        let alternatives = names
        let leaf = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: start, notValidAfter: end, issuer: certificate.subject,
            subject: try DistinguishedName { CommonName(name) }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                usage
                SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
                AuthorityKeyIdentifier(keyIdentifier: issuer.keyIdentifier)
                if !alternatives.isEmpty { SubjectAlternativeNames(alternatives) }
            },
            issuerPrivateKey: .init(self.key))
        return IssuedCertificate(
            certificatePEM: try leaf.serializeAsPEM().pemString, keyPEM: key.pemRepresentation)
    }

    /// A leaf of a year, valid since yesterday.
    func issue(_ purpose: Purpose, now: Date) throws -> IssuedCertificate {
        try issue(purpose, from: now - Self.day, to: now + 365 * Self.day)
    }

    func certificatePEM() throws -> String { try certificate.serializeAsPEM().pemString }
}

/// A leaf certificate and its private key, both as PEM.
struct IssuedCertificate: Sendable {
    let certificatePEM: String
    let keyPEM: String
}
