internal import NIOSSL
internal import RequestSigning

/// Makes a pair of what files hold, and refuses one that could not work.
struct TLSReading {
    let files: TLSFiles
    let role: TLSMaterial.Role
    let now: Int64

    func pair(_ contents: TLSFileContents, generation: Int) throws(TLSMaterialError) -> TLSMaterial.Pair {
        if role == .client, files.roots.isEmpty { throw TLSMaterialError(.noRoots) }
        if role == .server, files.identity == nil { throw TLSMaterialError(.noIdentity) }
        let (chain, key) = try identity(contents)
        let facts = try chain.map { (one) throws(TLSMaterialError) in try Self.facts(one) }
        try check(facts)
        let (roots, rootEnds) = try self.roots(contents)
        let pair = TLSMaterial.Pair(
            generation: generation, chain: chain, roots: roots, subject: facts.first?.subject,
            leafNotAfter: facts.map(\.notAfter).min(), rootsNotAfter: rootEnds.min(), key: key)
        try check(pair)
        return pair
    }

    /// The identity alone, checked as ``pair(_:generation:)`` checks it.
    func checkedIdentity(
        _ contents: TLSFileContents
    ) throws(TLSMaterialError) -> ([NIOSSLCertificate], NIOSSLPrivateKey?) {
        let (chain, key) = try identity(contents)
        try check(chain.map { (one) throws(TLSMaterialError) in try Self.facts(one) })
        try check(
            TLSMaterial.Pair(
                generation: 0, chain: chain, roots: [], subject: nil, leafNotAfter: nil, rootsNotAfter: nil,
                key: key))
        return (chain, key)
    }

    /// The roots, whatever they are: an examination tells what is wrong with them.
    func anyRoots(_ contents: TLSFileContents) throws(TLSMaterialError) -> [NIOSSLCertificate] {
        var roots: [NIOSSLCertificate] = []
        for (file, bytes) in zip(files.roots, contents.roots) {
            guard let found = try? NIOSSLCertificate.fromPEMBytes(bytes), !found.isEmpty else {
                throw TLSMaterialError(.noCertificate, file)
            }
            roots += found
        }
        return roots
    }

    private var identityFile: String {
        switch files.identity {
        case .pem(let certificate, _): certificate
        case .pkcs12(let file): file
        case nil: ""
        }
    }

    private func identity(
        _ contents: TLSFileContents
    ) throws(TLSMaterialError) -> ([NIOSSLCertificate], NIOSSLPrivateKey?) {
        switch files.identity {
        case nil: return ([], nil)
        case .pem(let certificateFile, let keyFile):
            guard let chain = try? NIOSSLCertificate.fromPEMBytes(contents.identity), !chain.isEmpty else {
                throw TLSMaterialError(.noCertificate, certificateFile)
            }
            let passphrase = contents.passphrase
            guard
                let key = try? NIOSSLPrivateKey(
                    bytes: contents.key, format: .pem, passphraseCallback: { $0(passphrase) })
            else { throw TLSMaterialError(.noKey, keyFile) }
            return (chain, key)
        case .pkcs12(let file):
            guard
                let bundle = try? NIOSSLPKCS12Bundle(
                    buffer: contents.identity, passphrase: contents.passphrase)
            else { throw TLSMaterialError(.unreadableBundle, file) }
            return (try Self.ordered(bundle.certificateChain), bundle.privateKey)
        }
    }

    /// A PKCS#12 file holds the issuers in any order, and often the root, which the peer has.
    private static func ordered(_ bag: [NIOSSLCertificate]) throws(TLSMaterialError) -> [NIOSSLCertificate] {
        guard let leaf = bag.first else { return [] }
        var chain = [leaf]
        var last = try facts(leaf)
        var others: [(NIOSSLCertificate, CertificateFacts)] = []
        for certificate in bag.dropFirst() { others.append((certificate, try facts(certificate))) }
        while let next = others.firstIndex(where: { last.isIssued(by: $0.1) && !$0.1.isSelfIssued }) {
            chain.append(others[next].0)
            last = others.remove(at: next).1
        }
        return chain
    }

    private static func facts(_ certificate: NIOSSLCertificate) throws(TLSMaterialError) -> CertificateFacts {
        guard let der = try? certificate.toDERBytes(), let facts = CertificateFacts(der: der) else {
            throw TLSMaterialError(.unsupported)
        }
        return facts
    }

    /// The own chain: times, order, what it may be used for. Whether its root is trusted is the peer's question.
    private func check(_ chain: [CertificateFacts]) throws(TLSMaterialError) {
        for certificate in chain {
            if certificate.usesSM2 { throw TLSMaterialError(.unsupported, certificate.subject) }
            try check(times: certificate)
        }
        for (certificate, issuer) in zip(chain, chain.dropFirst()) {
            guard certificate.isIssued(by: issuer), certificate.isSigned(by: issuer) != false else {
                throw TLSMaterialError(.brokenChain, certificate.subject)
            }
        }
        if let leaf = chain.first, !leaf.allows(role == .client ? .clientAuth : .serverAuth) {
            throw TLSMaterialError(.wrongUsage, leaf.subject)
        }
    }

    private func check(times certificate: CertificateFacts) throws(TLSMaterialError) {
        if certificate.notAfter < now { throw TLSMaterialError(.expired, certificate.subject) }
        if certificate.notBefore > now { throw TLSMaterialError(.notYetValid, certificate.subject) }
    }

    /// A root that has ended doesn't stop the others; all of them ended do.
    private func roots(_ contents: TLSFileContents) throws(TLSMaterialError) -> ([NIOSSLCertificate], [Int64])
    {
        var roots: [NIOSSLCertificate] = []
        var ends: [Int64] = []
        var isAnyValid = false
        for root in try anyRoots(contents) {
            let facts = try Self.facts(root)
            guard facts.maySignCertificates else { throw TLSMaterialError(.notAnAuthority, facts.subject) }
            isAnyValid = isAnyValid || facts.isValid(at: now)
            roots.append(root)
            ends.append(facts.notAfter)
        }
        if !roots.isEmpty, !isAnyValid {
            throw TLSMaterialError(.expired, files.roots.joined(separator: ", "))
        }
        return (roots, ends)
    }

    /// The TLS library itself says whether key and certificate belong together.
    private func check(_ pair: TLSMaterial.Pair) throws(TLSMaterialError) {
        do { _ = try NIOSSLContext(configuration: pair.client) } catch {
            throw TLSMaterialError(pair.key == nil ? .unsupported : .keyMismatch, identityFile)
        }
    }
}
