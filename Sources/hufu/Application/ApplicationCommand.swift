import ActivationClient
import ArgumentParser
import AuditLog

struct ApplicationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "application",
        abstract: "Apply for codes; decide on applications.",
        discussion: "Nobody decides on an application of their own, and nobody decides twice.",
        subcommands: [
            ApplicationSubmit.self, ApplicationShow.self, ApplicationList.self, ApplicationApprove.self,
            ApplicationReject.self,
        ])

    static let columns: [Column] = [
        "id", "state", "institution_id", "policy", "policy_version", "quantity", "purpose", "contact.name",
        "contact.phone", "contact.email", "terms", "applicant_id", "approvals_needed", "code_id",
        "created_at",
    ]

    /// The application, and who decided what.
    static func show(_ answer: APIResponse, _ server: ServerOptions) throws {
        try server.show(answer, columns)
        guard !server.json, let approvals = try answer.json()["approvals"]?.array, !approvals.isEmpty else {
            return
        }
        let columns: [Column] = ["decision", "operator_id", "at", "comment"]
        var table = Table(head: columns.map { $0.title.uppercased() })
        for approval in approvals { table.add(columns.map { $0.text(in: approval) }) }
        print("\n" + table.text)
    }

    static func decide(_ decision: String, _ id: String, _ comment: String?, _ server: ServerOptions)
        async throws
    {
        var body: JSON = [:]
        body["comment"] = comment.map { .string($0) }
        let answer = try await server.signedIn().send(
            .post, RequestPath.make("applications", id, decision), body: body)
        try show(answer, server)
    }
}
