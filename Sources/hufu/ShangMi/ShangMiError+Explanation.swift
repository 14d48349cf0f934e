import ShangMi

extension ShangMiError {
    /// What to tell a person, and what he can do.
    var explanation: String {
        switch self {
        case .incorrectKeySize: "an SM4 key has 16 bytes"
        case .incorrectNonceSize: "the IV or nonce has another length than its mode takes"
        case .incorrectTagSize: "the tag has another length than its mode takes"
        case .incorrectMessageSize:
            "the message is not whole blocks, or too long for its mode; is padding on at both ends?"
        case .authenticationFailure:
            "it can't be decrypted: key, nonce, additional data, format or ciphertext do not fit"
        case .invalidPadding: "it can't be decrypted: key, IV, mode or ciphertext do not fit"
        case .invalidPrivateKey: "a private key is a number from 1 to n - 2 in 32 bytes"
        case .invalidPoint: "the public key is not a point of the curve"
        case .invalidSignatureEncoding: "the signature is neither strict DER nor 64 bytes; see --raw"
        case .invalidKeyEncoding: "the key's PEM or DER is malformed or not canonical"
        case .unsupportedAlgorithm:
            "the key, curve, cipher or form is none of ours; `openssl pkcs8 -topk8 -v2 sm4-cbc` makes a key that is"
        case .incorrectPassword: "the password does not open the key"
        case .incorrectDigestSize: "a digest has 32 bytes"
        case .incorrectUserIDSize: "a user id has at most 8,191 bytes"
        }
    }
}
