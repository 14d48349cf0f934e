import Foundation
import Synchronization
import Testing

/// People and a machine with shells of their own, at one server. Every output is searched for secrets.
final class ShellTour: Sendable {
    let server: ServerProcess
    let folder: URL
    private let known = Mutex<Set<String>>([])

    init(server: ServerProcess, folder: URL) {
        self.server = server
        self.folder = folder
    }

    var secrets: Set<String> { known.withLock { $0 } }

    /// From now on this must appear nowhere.
    func keep(_ secret: String) { known.withLock { _ = $0.insert(secret) } }

    /// Where somebody's session or device key lies.
    func home(of person: String) -> URL { folder.appending(path: person) }

    /// Runs `hufu` as somebody, and expects the exit code.
    @discardableResult
    func hufu(
        _ person: String, _ arguments: String..., input: String = "", expecting status: Int32 = 0,
        at location: SourceLocation = #_sourceLocation
    ) async throws -> Command.Outcome {
        try await run(person, arguments, input, status, location)
    }

    /// The same command for people and for programs: a table with these words, and with --json one object.
    @discardableResult
    func both(
        _ person: String, _ arguments: String..., shows words: [String],
        at location: SourceLocation = #_sourceLocation
    ) async throws -> [String: Any] {
        let table = try await run(person, arguments, "", 0, location).output
        #expect(!table.contains("{\""), "a table is not JSON", sourceLocation: location)
        for word in words {
            #expect(table.contains(word), "no \(word) in\n\(table)", sourceLocation: location)
        }
        for line in table.split(separator: "\n") { #expect(!line.hasSuffix(" "), sourceLocation: location) }
        return try await run(person, arguments + ["--json"], "", 0, location).json
    }

    /// All items of a list, as its cursors lead through it.
    func pages(
        _ person: String, _ arguments: String..., at location: SourceLocation = #_sourceLocation
    ) async throws -> [[String: Any]] {
        var items: [[String: Any]] = []
        var next: [String] = []
        repeat {
            let page = try await run(person, arguments + ["--json"] + next, "", 0, location).json
            items += try #require(page["items"] as? [[String: Any]])
            next = (page["next_cursor"] as? String).map { ["--cursor", $0] } ?? []
        } while !next.isEmpty
        return items
    }

    /// Exit code 1, the reason and a cure on standard error, nothing on standard output.
    func refused(
        _ person: String, _ arguments: String..., reason: String,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await run(person, arguments, "", 1, location)
        #expect(outcome.output.isEmpty, sourceLocation: location)
        #expect(
            outcome.errors.hasPrefix("refused: \(reason):"), "\(outcome.errors)", sourceLocation: location)
        #expect(outcome.errors.contains("cure: "), "\(outcome.errors)", sourceLocation: location)
    }

    /// `hufu` in somebody's shell, not run yet.
    func command(_ person: String, _ arguments: [String], _ input: String = "") throws -> Command {
        let home = home(of: person)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        return Command(
            executable: Repository.hufu.path, arguments: arguments, folder: home,
            environment: ["XDG_CONFIG_HOME": home.path, "XDG_DATA_HOME": home.path, "HUFU_URL": server.url],
            input: input)
    }

    private func run(
        _ person: String, _ arguments: [String], _ input: String, _ status: Int32, _ location: SourceLocation
    ) async throws -> Command.Outcome {
        let outcome = try await command(person, arguments, input).run()
        let told = outcome.output + outcome.errors
        let line = "hufu \(arguments.joined(separator: " "))"
        #expect(outcome.status == status, "\(line)\n\(told)", sourceLocation: location)
        for secret in secrets where told.contains(secret) {
            Issue.record("\(line) shows a secret", sourceLocation: location)
        }
        return outcome
    }

    /// The session as it lies on disk: its tokens are secrets too.
    func keepSession(of person: String) throws {
        let file = home(of: person).appending(path: "hufu/session.json")
        #expect(try mode(file) == 0o600)
        let session = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let tokens = session.filter { $0.key.hasSuffix("token") }.compactMap { $0.value as? String }
        #expect(tokens.count == 2)
        for token in tokens { keep(token) }
    }

    func mode(_ file: URL) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}
