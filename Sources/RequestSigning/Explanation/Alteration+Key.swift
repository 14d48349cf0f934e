extension Alteration {
    /// (17) The signature in another encoding, by another scheme or with the key misread.
    ///
    /// - Parameter isWhole: false tries the due scheme alone, so that many keys don't use up the search.
    static func checks(
        _ signature: String, key: CheckingKey, as profile: ReplayedProfile, told prefix: BilingualText? = nil,
        name: String = "", isWhole: Bool = true
    ) -> [Alteration] {
        let forms = SignatureForm.all(of: signature, due: profile.encoding)
        let variants = key.variants(for: profile.scheme).filter { isWhole || $0.told == nil }
        return variants.flatMap { variant in
            forms.compactMap { form -> Alteration? in
                let parts = [prefix, form.told, variant.told].compactMap { $0 }
                guard let told = BilingualText.joined(parts) else { return nil }
                let check = SignatureCheck(name: "\(name)/\(profile.id)/\(form.name)/\(variant.name)") {
                    text in
                    variant.isValid(form.bytes, text)
                }
                return Alteration(.versionKeyOrEncoding, .key, told.chinese, told.english) {
                    $0.check = check
                }
            }
        }
    }

    /// (17) Signed as another version than the request says.
    static func version(
        _ profile: ReplayedProfile, signature: String, key: CheckingKey, keyID: String, sent: String,
        isNamed: Bool
    ) -> [Alteration] {
        guard let form = profile.canonicalForm, profile.takes(key) else { return [] }
        let told = BilingualText(
            "按 \(profile.id)（密钥 \(keyID)）签名，而版本写的是 \(sent)",
            "It was signed as \(profile.id) (key \(keyID)) while the version sent is \(sent)")
        return checks(
            signature, key: key, as: profile, told: told, name: keyID, isWhole: isNamed
        ).map { alteration in
            Alteration(.versionKeyOrEncoding, .key, alteration.told.chinese, alteration.told.english) {
                replay in
                alteration.change(&replay)
                guard let content = replay.content else { return }
                replay.content = ReplayedContent(content.value, form)
            }
        }
    }

    /// (17) The other version's canonical form under this one's key.
    static func forms(besides form: CanonicalForm) -> [Alteration] {
        [(CanonicalForm.python, "v3.2.x"), (.jcs, "v3.3.0/gm")].filter { $0.0 != form }.map { other, name in
            Alteration(
                .versionKeyOrEncoding, .whole, "按 \(name) 的规范形式写了业务参数",
                "The parameters were written in the canonical form of \(name)"
            ) { replay in
                guard let content = replay.content else { return }
                replay.whole = ReplayedContent(content.value, other).written()
            }
        }
    }

    /// (17) Signed with another key than the request names.
    static func otherKey(
        _ key: CheckingKey, id: String, signature: String, as profile: ReplayedProfile
    ) -> [Alteration] {
        guard profile.takes(key) else { return [] }
        let told = BilingualText(
            "签名用的是密钥 \(id)，不是请求里写的那个", "The key signed with is \(id), not the one that the request names")
        return checks(signature, key: key, as: profile, told: told, name: id, isWhole: false)
    }
}
