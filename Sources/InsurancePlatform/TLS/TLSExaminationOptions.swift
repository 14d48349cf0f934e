internal import NIOSSL

/// What an examination of a TLS server works with.
public struct TLSExaminationOptions: Sendable {
    /// Nil where the host itself is the name.
    public var serverName: String?
    /// Milliseconds for each connection to be made.
    public var connectTimeout: Int64 = 5000
    /// Milliseconds for each handshake.
    public var handshakeTimeout: Int64 = 10_000
    /// A host name that no server has: whoever shows a certificate for it makes certificates as they are asked for,
    /// as proxies do that look into TLS.
    public var inventedName: String
    /// Unix milliseconds.
    public var now: Int64
    /// Whether the roots are the system's.
    public let usesSystemRoots: Bool

    let roots: [NIOSSLCertificate]
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey?

    /// - Parameters:
    ///   - files: the roots, or the system's where there are none; the client certificate, where there is one.
    ///   - random: for the invented name.
    public init(
        files: TLSFiles = TLSFiles(), now: Int64, random: UInt64 = UInt64.random(in: .min ... .max)
    ) throws(TLSMaterialError) {
        var files = files
        usesSystemRoots = files.roots.isEmpty
        if files.roots.isEmpty { files.roots = SystemRoots.files }
        let isRootless = files.roots.isEmpty
        // Expired roots and a root that is no CA are the report's to tell, so only the identity is checked.
        let reading = TLSReading(files: files, role: .client, now: now)
        let contents = try TLSFileContents.stable(files)
        roots = isRootless ? [] : try reading.anyRoots(contents)
        (chain, key) = try reading.checkedIdentity(contents)
        self.now = now
        inventedName = "hufu-" + String(random, radix: 16) + ".invalid"
    }
}
