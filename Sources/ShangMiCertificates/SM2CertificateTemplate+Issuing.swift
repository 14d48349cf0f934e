public import ShangMi
internal import X509

extension SM2CertificateTemplate {
    /// The certificate under an authority's key.
    ///
    /// - Throws: `wrongIssuer` when the key isn't the one of `issuer`, or `issuer` may not sign certificates;
    ///   `invalidTemplate` when what it says can't be valid.
    public func issued(
        by issuer: SM2Certificate, with key: SM2.Signing.PrivateKey, userID: SM2.UserID = .default
    ) throws(SM2CertificateError) -> SM2Certificate {
        guard issuer.publicKey == key.publicKey else {
            throw SM2CertificateError(.wrongIssuer, "the key isn't the issuer's")
        }
        guard issuer.trust.authority != nil, issuer.trust.keyUsage?.keyCertSign ?? true else {
            throw SM2CertificateError(.wrongIssuer, "the issuer may not sign certificates")
        }
        let known = try? issuer.extensions.subjectKeyIdentifier
        return try signed(
            by: issuer.subject, known ?? SubjectKeyIdentifier(key.publicKey), with: key, userID: userID)
    }

    /// The certificate under its own key, for roots.
    ///
    /// - Throws: `wrongIssuer` when the key isn't the subject's, and `invalidTemplate`.
    public func selfSigned(
        with key: SM2.Signing.PrivateKey, userID: SM2.UserID = .default
    ) throws(SM2CertificateError) -> SM2Certificate {
        guard publicKey == key.publicKey else {
            throw SM2CertificateError(.wrongIssuer, "the key isn't the subject's")
        }
        return try signed(by: subject, SubjectKeyIdentifier(publicKey), with: key, userID: userID)
    }

    private func signed(
        by issuer: DistinguishedName, _ issuerKey: SubjectKeyIdentifier, with key: SM2.Signing.PrivateKey,
        userID: SM2.UserID
    ) throws(SM2CertificateError) -> SM2Certificate {
        let (start, end) = (try CertificateTime(notValidBefore), try CertificateTime(notValidAfter))
        guard start.seconds <= end.seconds else {
            throw SM2CertificateError(.invalidTemplate, "the validity ends before it begins")
        }
        // RFC 5280, 4.1.2.2: positive, and at most 20 bytes with the sign.
        let digits = serialNumber.bytes.drop { $0 == 0 }
        guard let first = digits.first, digits.count < 20 || (digits.count == 20 && first < 0x80) else {
            throw SM2CertificateError(.invalidTemplate, "the serial number is 0 or longer than 20 bytes")
        }
        guard !issuer.isEmpty else { throw SM2CertificateError(.invalidTemplate, "the issuer has no name") }
        let bytes: [UInt8]
        do {
            let body = CertificateBody(
                serialNumber: Certificate.SerialNumber(bytes: digits), issuer: issuer, notBefore: start,
                notAfter: end, subject: subject, key: SubjectKey(publicKey),
                extensions: try extensions.identifying(SubjectKeyIdentifier(publicKey), issuedBy: issuerKey))
            bytes = try SignedForm.sign(body, with: key, userID: userID)
        } catch {
            throw SM2CertificateError(error, as: .invalidTemplate)
        }
        return try SM2Certificate(derRepresentation: bytes)
    }
}

extension Certificate.Extensions {
    /// With the keys' identifiers, where the caller didn't choose others.
    fileprivate func identifying(
        _ key: SubjectKeyIdentifier, issuedBy issuerKey: SubjectKeyIdentifier
    ) throws -> Certificate.Extensions {
        var extensions = self
        if extensions[oid: .X509ExtensionID.subjectKeyIdentifier] == nil {
            try extensions.append(Certificate.Extension(key, critical: false))
        }
        if extensions[oid: .X509ExtensionID.authorityKeyIdentifier] == nil {
            let authority = AuthorityKeyIdentifier(keyIdentifier: issuerKey.keyIdentifier)
            try extensions.append(Certificate.Extension(authority, critical: false))
        }
        return extensions
    }
}

extension SubjectKeyIdentifier {
    /// The first 160 bits of the SM3 of the key's bits: the way of RFC 7093, 2, with the national hash.
    fileprivate init(_ key: SM2.Signing.PublicKey) {
        let digest = Array(SM3.hash(key.x963Representation.span))
        self.init(keyIdentifier: digest.prefix(20))
    }
}
