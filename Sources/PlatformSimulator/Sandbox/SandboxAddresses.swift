/// Where a running sandbox is reached, and the files that a client of it needs.
public struct SandboxAddresses: Sendable, Hashable {
    /// `https://HOST:PORT`, without a slash at the end: the base of every face over HTTPS, and the issuer of
    /// id_tokens.
    public let base: String
    public let host: String
    public let port: Int
    public let framePort: Int
    /// `http://127.0.0.1:PORT`: the control API and the live page.
    public let control: String
    public let controlPort: Int
    /// Absolute paths.
    public let files: Files

    public struct Files: Sendable, Hashable {
        public let authority: String
        public let clientCertificate: String
        public let clientKey: String
        public let clientBundle: String
        public let clientBundlePassphrase: String
        public let clientSecret: String
        public let loginPassword: String
        /// With which `hufu serve --platform` reaches the sandbox.
        public let settings: String
        /// The folder of the signing keys.
        public let keys: String

        init(_ directory: SandboxDirectory) {
            authority = directory.file(SandboxFiles.authorityCertificate)
            clientCertificate = directory.file(SandboxFiles.clientCertificate)
            clientKey = directory.file(SandboxFiles.clientKey)
            clientBundle = directory.file(SandboxFiles.clientBundle)
            clientBundlePassphrase = directory.file(SandboxFiles.clientBundlePassphrase)
            clientSecret = directory.file("client/client-secret")
            loginPassword = directory.file("client/login-password")
            settings = directory.file("client/platform.json")
            keys = directory.file("client/keys")
        }
    }

    init(host: String, port: Int, framePort: Int, controlPort: Int, directory: SandboxDirectory) {
        self.host = ["0.0.0.0", "::"].contains(host) ? "localhost" : host
        base = "https://" + (self.host.contains(":") ? "[\(self.host)]" : self.host) + ":\(port)"
        self.port = port
        self.framePort = framePort
        control = "http://127.0.0.1:\(controlPort)"
        self.controlPort = controlPort
        files = Files(directory)
    }
}
