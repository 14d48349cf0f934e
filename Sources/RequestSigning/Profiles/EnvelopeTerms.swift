public import ShangMi

/// What a site and an application agreed on for the `envelope` profile (section D of the wire formats).
public struct EnvelopeTerms: Sendable {
    /// Whose bytes go into an SM2 signature as its user.
    public enum Signer: String, Sendable, Hashable, CaseIterable {
        /// The application's secret, at most sites.
        case appSecret
        /// `1234567812345678`.
        case standard
    }

    /// The key id as well; 16 or more characters of ASCII.
    public let appID: String
    public let appSecret: SharedSecret
    public let keyOrder: KeyOrder
    public let userID: SM2.UserID
    /// What is sent: `2.0.1` for mobile payment, `1.0.0` for e-prescriptions.
    public let version: String
    /// Encrypts `data`; made of the application's id and secret once.
    let dataKey: SM4.Key

    /// - Throws: `key_malformed` unless the id is 16–128 letters, digits, dots, dashes and underscores, the
    ///   version 1–16 digits and dots, and the secret 1–8191 bytes.
    public init(
        appID: String, appSecret: SharedSecret, keyOrder: KeyOrder = .codePoint, signer: Signer = .appSecret,
        version: String = "2.0.1"
    ) throws(SigningRefusal) {
        guard (16...128).contains(appID.utf8.count), appID.utf8.allSatisfy(Self.isPlain),
            EnvelopeText.isVersion(version), (1...8191).contains(appSecret.byteCount)
        else {
            throw SigningRefusal(
                .keyMalformed,
                "An envelope needs an appId of 16 to 128 plain characters, a secret and a version.")
        }
        let secret = appSecret.withUnsafeBytes { Array($0) }
        do {
            userID = signer == .standard ? .default : try SM2.UserID(secret)
            let first = try SM4.Key(Array(appID.utf8.prefix(16)))
            let hex = HexText.encode(try SM4.ECB.encrypt(secret, using: first), uppercase: true)
            dataKey = try SM4.Key(Array(hex.utf8.prefix(16)))
        } catch {
            throw SigningRefusal(.keyMalformed, "The appId and the secret make no SM4 key.")
        }
        self.appID = appID
        self.appSecret = appSecret
        self.keyOrder = keyOrder
        self.version = version
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        FieldName.isLower(byte) || FieldName.isUpper(byte) || FieldName.isDigit(byte)
            || "-._".utf8.contains(byte)
    }
}
