import Foundation
import Testing

/// The scripts in `Scripts/` that use the program as a person at a shell would.
@Suite("Scripts that use the whole program from a shell", .serialized)
struct ShellScriptTests {
    @Test(
        "the national algorithms in the shell agree with the openssl command, both ways",
        .timeLimit(.minutes(4)))
    func nationalAlgorithms() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/shangmi.py", [Repository.hufu.path, folder.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "the snippets of the documents make signed calls, in every language that runs here",
        .timeLimit(.minutes(6)))
    func snippets() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/snippets.py", [Repository.hufu.path, folder.path], in: folder, seconds: 300)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "signed calls from the shell: every profile through the gateway, files, canonical texts, the doctor",
        .timeLimit(.minutes(6)))
    func signing() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/signing.py", [Repository.hufu.path, folder.path], in: folder, seconds: 300)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }

    @Test(
        "the platform from the shell: a sandbox, the doctor's look at its TLS, the login, calls, the day's books",
        .timeLimit(.minutes(4)))
    func platform() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await python(
                "Scripts/national.py", [Repository.hufu.path, folder.path], in: folder, seconds: 200)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        }
    }
}
