/// Looks for the fewest alterations after which the presented signature matches.
struct MistakeSearch {
    /// What a search may cost: so many signatures checked, over so many bytes in all.
    struct Budget {
        var trials = 4_000
        var bytes = 32 << 20
    }

    private struct Trial {
        var alterations: [Alteration] = []
        /// The last one's place among the singles; only later ones are added, so that no set comes twice.
        var place = -1
        var replay: Replay

        func adding(_ alteration: Alteration, at place: Int = -1) -> Trial {
            var trial = Trial(alterations: alterations + [alteration], place: place, replay: replay)
            alteration.change(&trial.replay)
            return trial
        }
    }

    private let base: Replay
    private var budget: Budget
    /// Fingerprints of texts and the checks they were put to; each is tried once.
    private var tried: Set<Int> = []

    /// The alterations that together make the signature match: one, else two, else three of the parameters'
    /// text; nil if none do within the budget. Of several the first in the list is taken.
    static func alterations(
        explaining base: Replay, among known: [Alteration], budget: Budget = Budget()
    ) -> [Alteration]? {
        var search = MistakeSearch(base: base, budget: budget)
        return search.run(known)
    }

    /// Those of the alterations that change the text at all, each text once.
    static func effective(_ known: [Alteration], on base: Replay) -> [Alteration] {
        var texts: Set<Int> = [fingerprint(base.text, "")]
        return known.filter { alteration in
            var replay = base
            alteration.change(&replay)
            return texts.insert(fingerprint(replay.text, "")).inserted
        }
    }

    private init(base: Replay, budget: Budget) {
        self.base = base
        self.budget = budget
    }

    private mutating func run(_ known: [Alteration]) -> [Alteration]? {
        _ = matches(base)
        var singles: [Alteration] = []
        var trials: [Trial] = []
        for alteration in known {
            let count = tried.count
            let trial = Trial(replay: base).adding(alteration, at: singles.count)
            if matches(trial.replay) { return trial.alterations }
            // What changes nothing by itself, or the same as another, has no part in a combination.
            guard tried.count > count else { continue }
            singles.append(alteration)
            trials.append(trial)
        }
        for count in 2...3 {
            var larger: [Trial] = []
            for trial in trials {
                let stages = trial.alterations.map(\.stage)
                for (place, alteration) in singles.enumerated().dropFirst(trial.place + 1)
                where !stages.contains(alteration.stage) {
                    // Of the many sets of three only those that concern the parameters' text are likely.
                    if count > 2, !(stages + [alteration.stage]).allSatisfy(\.isOfContent) { continue }
                    guard budget.trials > 0, budget.bytes > 0 else { return nil }
                    larger.append(trial.adding(alteration, at: place))
                    if let last = larger.last, matches(last.replay) { return last.alterations }
                }
            }
            trials = larger
        }
        return nil
    }

    private mutating func matches(_ replay: Replay) -> Bool {
        let text = replay.text
        budget.bytes -= text.count
        guard budget.trials > 0, budget.bytes > 0,
            tried.insert(Self.fingerprint(text, replay.check.name)).inserted
        else { return false }
        budget.trials -= 1
        return replay.check.isValid(text)
    }

    private static func fingerprint(_ text: [UInt8], _ check: String) -> Int {
        var hasher = Hasher()
        hasher.combine(check)
        text.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
