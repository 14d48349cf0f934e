import ArgumentParser

struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "What codes may do: durations, limits, scopes, approvals.",
        discussion: "A policy is versioned: a change makes a new version, and issued codes keep theirs.",
        subcommands: [PolicySet.self, PolicyShow.self, PolicyList.self])

    static let columns: [Column] = [
        "name", "version", "reference", "duration", "duration_start", "activate_within", "usage_limit",
        "device_limit", "fingerprint_matching", "roles", "scopes", "approvals", "ip_allow_list",
        "renewal.count",
        "renewal.period", "created_at",
    ]
}
