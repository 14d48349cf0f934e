internal import Crypto
internal import CryptoExtras
internal import ShangMi

extension CheckingKey {
    /// The ways to check with this key where a profile wants a scheme: the due one first if the key is of the
    /// scheme's kind, then the mistakes.
    func variants(for scheme: Scheme) -> [CheckVariant] {
        switch self {
        case .secret(let secret): Self.secretVariants(secret, scheme)
        case .rsa(let key): Self.rsaVariants(key, scheme)
        case .p256(let key): Self.p256Variants(key, isDERDue: scheme != .rawECDSA)
        case .ed25519(let key): [CheckVariant("ed25519") { key.isValidSignature($0, for: $1) }]
        case .sm2(let key, let userIDs): Self.sm2Variants(key, userIDs, isDERDue: scheme != .rawSM2)
        }
    }

    private static func rsaVariants(_ key: _RSA.Signing.PublicKey, _ scheme: Scheme) -> [CheckVariant] {
        let isLong = scheme == .rsaPSS512
        let pss256 = BilingualText("摘要用了 SHA-256，应为 SHA-512", "SHA-256 was taken where SHA-512 is due")
        let pss512 = BilingualText("摘要用了 SHA-512，应为 SHA-256", "SHA-512 was taken where SHA-256 is due")
        let padding = BilingualText(
            "RSA 填充用了 PKCS#1 v1.5，应为 PSS", "RSA was padded by PKCS#1 v1.5 where PSS is due")
        let variants = [
            CheckVariant("pss-256", isLong ? pss256 : nil) {
                key.isValidSignature(.init(rawRepresentation: $0), for: SHA256.hash(data: $1), padding: .PSS)
            },
            CheckVariant("pss-512", isLong ? nil : pss512) {
                key.isValidSignature(.init(rawRepresentation: $0), for: SHA512.hash(data: $1), padding: .PSS)
            },
            CheckVariant("pkcs1-256", padding) {
                key.isValidSignature(
                    .init(rawRepresentation: $0), for: SHA256.hash(data: $1), padding: .insecurePKCS1v1_5)
            },
            CheckVariant("pkcs1-1", padding) {
                key.isValidSignature(
                    .init(rawRepresentation: $0), for: Insecure.SHA1.hash(data: $1),
                    padding: .insecurePKCS1v1_5)
            },
        ]
        return variants.filter { $0.told == nil } + variants.filter { $0.told != nil }
    }

    private static func p256Variants(_ key: P256.Signing.PublicKey, isDERDue: Bool) -> [CheckVariant] {
        let der = BilingualText(
            "签名是 DER，应为 64 字节的 r‖s", "The signature is DER where the 64 bytes r‖s are due")
        let raw = BilingualText("签名是 64 字节的 r‖s，应为 DER", "The signature is the 64 bytes r‖s where DER is due")
        let variants = [
            CheckVariant("ecdsa-der", isDERDue ? nil : der) { signature, text in
                guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
                    return false
                }
                return key.isValidSignature(signature, for: text)
            },
            CheckVariant("ecdsa-raw", isDERDue ? raw : nil) { signature, text in
                guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else {
                    return false
                }
                return key.isValidSignature(signature, for: text)
            },
        ]
        return isDERDue ? variants : variants.reversed()
    }

    private static func sm2Variants(
        _ key: SM2.PublicKey<SM2.Signing>, _ userIDs: [SM2.UserID], isDERDue: Bool
    ) -> [CheckVariant] {
        let der = BilingualText(
            "签名是 DER，应为 64 字节的 r‖s", "The signature is DER where the 64 bytes r‖s are due")
        let raw = BilingualText("签名是 64 字节的 r‖s，应为 DER", "The signature is the 64 bytes r‖s where DER is due")
        let user = BilingualText("SM2 用户标识（Z_A）与约定的不同", "SM2 was given another user id (Z_A) than agreed")
        let bare = BilingualText(
            "SM2 签名没有计入用户标识（Z_A）", "SM2 signed without Z_A, the user's part of the digest")
        var variants: [CheckVariant] = []
        for isDER in [isDERDue, !isDERDue] {
            let form = isDER == isDERDue ? nil : isDER ? der : raw
            for (index, userID) in userIDs.enumerated() {
                let told = [form, index == 0 ? nil : user].compactMap { $0 }
                variants.append(
                    CheckVariant("sm2-\(isDER)-\(index)", BilingualText.joined(told)) { signature, text in
                        guard let signature = parsedSM2(signature, isDER) else { return false }
                        return key.isValidSignature(signature, for: text, userID: userID)
                    })
            }
            variants.append(
                CheckVariant("sm2-\(isDER)-bare", BilingualText.joined([form, bare].compactMap { $0 })) {
                    guard let signature = parsedSM2($0, isDER) else { return false }
                    return key.isValidSignature(signature, forDigest: Array(SM3.hash($1)))
                })
        }
        return variants
    }

    private static func parsedSM2(_ bytes: [UInt8], _ isDER: Bool) -> SM2.Signing.Signature? {
        isDER
            ? try? SM2.Signing.Signature(derRepresentation: bytes)
            : try? SM2.Signing.Signature(rawRepresentation: bytes)
    }
}

extension BilingualText {
    /// Several sentences in one; nil for none.
    static func joined(_ texts: [BilingualText]) -> BilingualText? {
        guard !texts.isEmpty else { return nil }
        return BilingualText(
            texts.map(\.chinese).joined(separator: "；"), texts.map(\.english).joined(separator: "; "))
    }
}
