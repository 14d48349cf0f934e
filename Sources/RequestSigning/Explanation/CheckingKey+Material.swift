internal import ShangMi

extension CheckingKey {
    /// - Parameter keyID: may have been taken for the user of an SM2 signature.
    init(_ material: VerificationKey.Material, keyID: String) {
        switch material {
        case .secret(let secret): self = .secret(secret.key)
        case .rsa(let key): self = .rsa(key)
        case .p256(let key): self = .p256(key)
        case .ed25519(let key): self = .ed25519(key)
        case .sm2(let key, let userID): self = .sm2(key, userIDs: Self.users(userID, [Array(keyID.utf8)]))
        case .envelope(let terms, let key):
            let secret = terms.appSecret.withUnsafeBytes { Array($0) }
            self = .sm2(key, userIDs: Self.users(terms.userID, [secret, Array(terms.appID.utf8)]))
        case .fsi(let terms, let key): self = .sm2(key, userIDs: Self.users(terms.userID, []))
        }
    }

    /// The due user first, then whom the client may have taken: the standard's, nobody, and others.
    private static func users(_ due: SM2.UserID, _ others: [[UInt8]]) -> [SM2.UserID] {
        let guesses = [SM2.UserID.default] + ([[]] + others).compactMap { try? SM2.UserID($0) }
        return guesses.reduce(into: [due]) { users, guess in
            if !users.contains(guess) { users.append(guess) }
        }
    }
}
