import Testing

/// The scripts in `Scripts/` that use the program as a person at a shell would.
@Suite("Scripts that use the whole program from a shell", .serialized)
struct ShellScriptTests {
    @Test(
        "the national algorithms in the shell agree with the openssl command, both ways",
        .timeLimit(.minutes(10)))
    func nationalAlgorithms() async throws {
        try await expectScript("shangmi.py", seconds: 200)
    }

    @Test(
        "the snippets of the documents make signed calls, in every language that runs here",
        .timeLimit(.minutes(10)))
    func snippets() async throws {
        try await expectScript("snippets.py", seconds: 300)
    }

    @Test(
        "signed calls from the shell: every profile through the gateway, files, canonical texts, the doctor",
        .timeLimit(.minutes(10)))
    func signing() async throws {
        try await expectScript("signing.py", seconds: 300)
    }

    @Test(
        "the platform from the shell: a sandbox, the doctor's look at its TLS, the login, calls, the day's books",
        .timeLimit(.minutes(10)))
    func platform() async throws {
        try await expectScript("national.py", seconds: 200)
    }
}
