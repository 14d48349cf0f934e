import ActivationCodes

/// The twin of an activation code for random walks: whole numbers instead of dates, one flat rule a step, and
/// no transition table. Written from docs/formats/lifecycle.md, not from the library.
struct NaiveCode {
    var stage = "pending"
    var before: String?
    var used = 0
    var limit: Int?
    var notBefore: Int
    var windowEnd: Int
    var end: Int?
    var length: Int
    var renewals: Int
    var renewalLength: Int
    var maxDevices: Int
    /// Key number → fingerprint number.
    var devices: [Int: Int] = [:]
    var onlyKey: Int?
    var home: Bool

    /// The stage that an observer sees at `now`.
    func seen(_ now: Int) -> String {
        if stage == "revoked" || stage == "expired" { return stage }
        if let end, now >= end { return "expired" }
        if used == 0, now >= windowEnd { return "expired" }
        return stage
    }

    private func over(_ now: Int) -> Set<String> {
        var failed: Set<String> = []
        if stage == "revoked" { failed.insert("revoked") }
        if let end, now >= end { failed.insert("expired") }
        if used == 0, now >= windowEnd { failed.insert("activation_window_passed") }
        if stage == "expired", failed.isEmpty { failed.insert("expired") }
        return failed
    }

    private func closed(_ now: Int, early: Bool = true) -> Set<String> {
        var failed = over(now)
        if stage == "suspended" { failed.insert("suspended") }
        if early, now < notBefore { failed.insert("not_yet_valid") }
        return failed
    }

    private func away(_ atHome: Bool) -> Set<String> { home && !atHome ? ["ip_not_allowed"] : [] }

    private mutating func spend(_ amount: Int) {
        used += amount
        if let limit, used >= limit { stage = "exhausted" }
    }

    mutating func activate(_ now: Int, atHome: Bool) -> Set<String> {
        var failed = closed(now).union(away(atHome))
        if let limit, used >= limit { failed.insert("exhausted") }
        guard failed.isEmpty else { return failed }
        if end == nil { end = now + length }
        if stage == "pending" { stage = "active" }
        spend(1)
        return []
    }

    mutating func bind(_ now: Int, key: Int, print: Int, atHome: Bool) -> Set<String> {
        var failed = closed(now).union(away(atHome))
        if used == 0 { failed.insert("not_activated") }
        if let onlyKey, onlyKey != key { failed.insert("binding_key_mismatch") }
        if let known = devices[key] {
            if known != print { failed.insert("device_mismatch") }
        } else if devices.count >= maxDevices {
            failed.insert("device_limit")
        }
        guard failed.isEmpty else { return failed }
        devices[key] = print
        if stage == "active" { stage = "bound" }
        return []
    }

    func validate(_ now: Int, key: Int?, print: Int?, scope: Bool, atHome: Bool) -> Set<String> {
        var failed = closed(now).union(away(atHome))
        if used == 0 { failed.insert("not_activated") }
        let known = key.flatMap { devices[$0] }
        if used > 0, known == nil, let limit, used >= limit { failed.insert("exhausted") }
        if used > 0, let print {
            if let known {
                if known != print { failed.insert("device_mismatch") }
            } else if (before ?? stage) != "active" {
                failed.insert("device_mismatch")
            }
        }
        if !scope { failed.insert("scope_not_granted") }
        return failed
    }

    mutating func use(_ now: Int, _ amount: Int, atHome: Bool) -> Set<String> {
        var failed = closed(now).union(away(atHome))
        if used == 0 { failed.insert("not_activated") }
        // Even an amount of nothing needs a use that is left.
        if used > 0, let limit, used + max(amount, 1) > limit { failed.insert("exhausted") }
        if amount < 1 { failed.insert("illegal_transition") }
        guard failed.isEmpty else { return failed }
        spend(amount)
        return []
    }

    mutating func renew(_ now: Int) -> Set<String> {
        var failed = closed(now, early: false)
        if used == 0 { failed.insert("not_activated") }
        if renewals == 0 { failed.insert("renewals_used_up") }
        guard failed.isEmpty else { return failed }
        end = (end ?? now) + renewalLength
        renewals -= 1
        return []
    }

    mutating func suspend(_ now: Int) -> Set<String> {
        let failed = closed(now, early: false)
        guard failed.isEmpty else { return failed }
        before = stage
        stage = "suspended"
        return []
    }

    mutating func resume(_ now: Int) -> Set<String> {
        var failed = over(now)
        if stage != "suspended", stage != "revoked", stage != "expired" { failed.insert("not_suspended") }
        guard failed.isEmpty, let before else { return failed }
        stage = before
        self.before = nil
        return []
    }

    mutating func revoke(_ now: Int) -> Set<String> {
        let failed = over(now)
        guard failed.isEmpty else { return failed }
        stage = "revoked"
        before = nil
        return []
    }

    /// Whether the sweep marked it.
    mutating func sweep(_ now: Int) -> Bool {
        guard stage != "expired", seen(now) == "expired" else { return false }
        stage = "expired"
        before = nil
        return true
    }
}
