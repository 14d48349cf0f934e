import Foundation
import ShangMi
import ShangMiCertificates
import SwiftASN1
import X509

/// A name with nothing but a common name.
func name(_ commonName: String) throws -> DistinguishedName {
    try DistinguishedName { CommonName(commonName) }
}

/// The middle of every validity here, unless a test says otherwise.
let now = Date(timeIntervalSince1970: 1_800_000_000)
let day = 86_400.0

/// A certificate with its key.
struct Holder {
    let key: SM2.Signing.PrivateKey
    let certificate: SM2Certificate

    /// A root.
    init(root commonName: String, change: (inout SM2CertificateTemplate) throws -> Void = { _ in }) throws {
        key = SM2.Signing.PrivateKey()
        var template = try SM2CertificateTemplate(
            subject: name(commonName), publicKey: key.publicKey, role: .authority(),
            notValidBefore: now - day,
            notValidAfter: now + day)
        try change(&template)
        certificate = try template.selfSigned(with: key)
    }

    /// An authority's key again, in a certificate with its role's usual extensions.
    init(renewing holder: Holder, by issuer: Holder, userID: SM2.UserID = .default) throws {
        key = holder.key
        certificate = try SM2CertificateTemplate(
            subject: holder.certificate.subject, publicKey: key.publicKey, role: .authority(),
            notValidBefore: now - day, notValidAfter: now + day
        ).issued(by: issuer.certificate, with: issuer.key, userID: userID)
    }

    private init(key: SM2.Signing.PrivateKey, certificate: SM2Certificate) {
        (self.key, self.certificate) = (key, certificate)
    }

    /// Issues another certificate.
    func issue(
        _ commonName: String, _ role: SM2CertificateTemplate.Role = .signing,
        userID: SM2.UserID = .default, change: (inout SM2CertificateTemplate) throws -> Void = { _ in }
    ) throws -> Holder {
        let key = SM2.Signing.PrivateKey()
        var template = try SM2CertificateTemplate(
            subject: name(commonName), publicKey: key.publicKey, role: role, notValidBefore: now - day,
            notValidAfter: now + day)
        try change(&template)
        return Holder(
            key: key, certificate: try template.issued(by: certificate, with: self.key, userID: userID))
    }
}

extension SM2CertificateTemplate {
    /// Puts an extension in the place of another of its kind.
    mutating func set(_ value: some CertificateExtensionConvertible, critical: Bool = true) throws {
        var made = try value.makeCertificateExtension()
        made.critical = critical
        extensions.update(made)
    }
}

extension SM2ChainVerdict {
    /// Nil where the chain is trusted.
    var refusal: SM2ChainRefusal? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal
    }
}

extension [UInt8] {
    /// With every occurrence of some bytes replaced by others as long.
    func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
        var bytes = self
        for start in bytes.indices.dropLast(old.count - 1)
        where Array(bytes[start..<start + old.count]) == old {
            bytes.replaceSubrange(start..<start + old.count, with: new)
        }
        return bytes
    }
}
