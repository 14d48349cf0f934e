extension SM2 {
    /// The pseudorandom function that PBKDF2 turns a password into a key with.
    public enum PasswordHash: Sendable, CaseIterable {
        /// All from the national standards, as GmSSL wants it; OpenSSL 3.0 can't read it.
        case hmacSM3
        /// What OpenSSL 3 and most others read and write.
        case hmacSHA256
        /// For keys from older software.
        case hmacSHA1

        var identifier: [UInt8] {
            switch self {
            case .hmacSM3: KnownIdentifier.hmacSM3
            case .hmacSHA256: KnownIdentifier.hmacSHA256
            case .hmacSHA1: KnownIdentifier.hmacSHA1
            }
        }
    }
}
