internal import HTTPTypes

extension ReplayPlan {
    /// v3.x and gm: `<time>|<nonce>|<parameters>`.
    static func triple(_ source: Source, version: String) -> ReplayPlan? {
        guard let profile = ReplayedProfile.triples.first(where: { $0.id == version }),
            let form = profile.canonicalForm, let value = parameters(of: source)
        else { return nil }
        var base = source.replay(profile) {
            Array([Array($0.time.utf8), Array($0.nonce.utf8), $0.parameters].joined(separator: "|".utf8))
        }
        base.content = ReplayedContent(value, form)
        let head = source.message.head
        var known = source.keyAlterations(profile)
        known += Alteration.nonce + Alteration.time
        known += Alteration.space + Alteration.empties + Alteration.missing(source.evidence.expectedNames)
        known += Alteration.names + Alteration.numbers + Alteration.text + Alteration.order
        known += source.evidence.gbk.map(Alteration.gbk) ?? []
        known += Alteration.forms(besides: form) + versions(source, besides: profile)
        known += Alteration.separators + Alteration.wholes(body: source.body, query: source.query)
        known += Alteration.frames(method: head.method.rawValue, target: head.path ?? "/")
        return ReplayPlan(base, known)
    }

    /// The body's and the query's members as they were sent.
    private static func parameters(of source: Source) -> FormValue? {
        do throws(SigningRefusal) {
            let query = try JSONDocument(query: source.query)
            guard !source.body.isEmpty else { return FormValue(query.root) }
            return FormValue(try JSONDocument(parsing: source.body).merging(query).root)
        } catch {
            return nil
        }
    }

    private static func versions(_ source: Source, besides sent: ReplayedProfile) -> [Alteration] {
        let keys = [source.evidence.key].compactMap { $0 } + source.evidence.otherKeys
        return ReplayedProfile.triples.filter { $0.id != sent.id }.flatMap { profile in
            keys.flatMap { key in
                Alteration.version(
                    profile, signature: source.signature, key: CheckingKey(key.material, keyID: key.id),
                    keyID: key.id, sent: sent.id, isNamed: key.id == source.evidence.key?.id)
            }
        }
    }
}
