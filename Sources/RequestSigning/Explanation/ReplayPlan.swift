internal import HTTPTypes

/// A profile's own way of signing one request, and what to try instead of it.
struct ReplayPlan: Sendable {
    let base: Replay
    /// In the order in which they are tried, and so named.
    let alterations: [Alteration]

    /// What a plan is made from.
    struct Source {
        let message: HTTPMessage
        let parts: PresentedParts
        let evidence: SignatureEvidence
        /// What the verifier says is signed; nil where it refused before, or there is no key.
        let content: SignedContent?

        var body: [UInt8] { message.body }
        var query: String { String(message.query) }
        var signature: String { parts.signature ?? "" }
        var key: CheckingKey? { evidence.key.map { CheckingKey($0.material, keyID: $0.id) } }

        /// A replay without parameters yet, checked as the profile does.
        func replay(
            _ profile: ReplayedProfile, frame: @escaping @Sendable (Replay) -> [UInt8]
        ) -> Replay {
            Replay(
                time: parts.time ?? "", nonce: parts.nonce ?? "", content: nil, whole: nil, frame: frame,
                check: dueCheck(profile))
        }

        /// Nothing is valid where the key is missing or of another kind, or the signature isn't in the due
        /// form.
        private func dueCheck(_ profile: ReplayedProfile) -> SignatureCheck {
            let form = SignatureForm.all(of: signature, due: profile.encoding).first { $0.told == nil }
            guard let key, profile.takes(key), let form,
                let variant = key.variants(for: profile.scheme).first(where: { $0.told == nil })
            else { return SignatureCheck(name: "none") { _ in false } }
            return SignatureCheck(name: "due") { variant.isValid(form.bytes, $0) }
        }

        /// The key, in every wrong way, and the other keys.
        func keyAlterations(_ profile: ReplayedProfile) -> [Alteration] {
            var alterations: [Alteration] = []
            if let key, profile.takes(key) {
                alterations += Alteration.checks(signature, key: key, as: profile)
            }
            for other in evidence.otherKeys {
                alterations += Alteration.otherKey(
                    CheckingKey(other.material, keyID: other.id), id: other.id, signature: signature,
                    as: profile)
            }
            return alterations
        }
    }

    init(_ base: Replay, _ alterations: [Alteration]) {
        self.base = base
        self.alterations = alterations
    }

    /// Nil where there is nothing to replay, because the body can't be read.
    init?(_ source: Source, profile: Profile) {
        switch profile.id {
        case "tif": self = .tif(source)
        case "csb": self = .csb(source)
        case "rfc9421": self = .message(source)
        case "envelope":
            guard let plan = ReplayPlan.envelope(source) else { return nil }
            self = plan
        case "fsi-sm":
            guard let plan = ReplayPlan.fsi(source) else { return nil }
            self = plan
        default:
            guard let plan = ReplayPlan.triple(source, version: profile.id) else { return nil }
            self = plan
        }
    }
}
