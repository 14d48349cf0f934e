import ActivationClient
import ArgumentParser
import AuditLog

struct CodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "code",
        abstract: "Issue, inspect, renew, suspend and revoke activation codes.",
        discussion: """
            A code is shown once, when it is issued; the server keeps only a keyed hash and a sealed copy of it. \
            Afterwards a code is named by its id, which is no secret.
            """,
        subcommands: [
            CodeIssue.self, CodeShow.self, CodeList.self, CodeTimeline.self, CodeRenew.self, CodeSuspend.self,
            CodeResume.self, CodeRevoke.self,
        ])

    static let columns: [Column] = [
        "id", "index", "state", "policy", "policy_version", "policy_reference", "institution_id",
        "application_id",
        "batch_id", "created_at", "not_before", "activate_before", "expires_at", "used_count", "usage_limit",
        "devices", "device_limit", "roles", "scopes", "ip_allow_list", "metadata", "renewals_left",
        "revoked_reason", "revoked_at",
    ]

    /// Sends a change and shows the code as it is then.
    static func change(
        _ id: String, _ what: String, _ method: APIConnection.Method, _ body: JSON, _ server: ServerOptions
    ) async throws {
        let answer = try await server.signedIn().send(method, RequestPath.make("codes", id, what), body: body)
        try server.show(answer, columns)
    }
}
