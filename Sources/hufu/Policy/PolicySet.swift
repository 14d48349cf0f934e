import ActivationClient
import ArgumentParser
import AuditLog
import Foundation

struct PolicySet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make a policy, or a new version of it (admin).",
        discussion: """
            Of an existing policy only what is given changes. Somebody else's change in between is noticed and \
            refused (precondition_failed), never overwritten.

            EXAMPLES
              hufu policy set hospital --duration P1Y --device-limit 3 --matching most \\
                --scope claim.read --scope claim.write --approvals 2 --reference A.9.4.2-v2.1
              hufu policy set hospital --approvals 1
              hufu policy set hospital --file hospital.json
            """)

    @OptionGroup var server: ServerOptions

    @Argument(help: "Its name.")
    var name: String

    @Option(help: "JSON file with the fields; options given beside it win. - is standard input.")
    var file: String?

    @OptionGroup(title: "Terms") var terms: PolicyTerms

    func run() async throws {
        let connection = try await server.signedIn()
        let path = RequestPath.make("policies", name)
        var body: JSON = [:]
        var headers = ["If-None-Match": "*"]
        do {
            let existing = try await connection.send(.get, path)
            body = try existing.json()
            for key in ["name", "version", "created_at"] { body[key] = nil }
            guard let tag = existing.header("etag") else {
                throw UnexpectedAnswer("the policy lacks its ETag")
            }
            headers = ["If-Match": tag]
        } catch let problem as APIProblem where problem.status == 404 {
            // A new one.
        }
        if let file { try merge(readJSON(file), into: &body) }
        merge(terms.json, into: &body)
        let answer = try await connection.send(.put, path, body: body, headers: headers)
        try server.show(answer, PolicyCommand.columns)
    }

    private func merge(_ changes: JSON, into body: inout JSON) {
        for (key, value) in changes.object ?? [:] {
            if key == "renewal", var renewal = body["renewal"], value.object != nil {
                merge(value, into: &renewal)
                body[key] = renewal
            } else {
                body[key] = value
            }
        }
    }

    private func readJSON(_ file: String) throws -> JSON {
        let handle = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file)
        guard let handle, let bytes = try handle.readToEnd() else {
            throw CommandFailure(.environment, "error: \(file) can't be read")
        }
        do {
            return try JSON(parsing: Array(bytes))
        } catch {
            throw CommandFailure(.environment, "error: \(file) at byte \(error.offset): \(error.reason)")
        }
    }
}
