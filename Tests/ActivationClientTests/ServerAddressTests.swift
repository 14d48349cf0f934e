import ActivationClient
import AuditLog
import Testing

struct ServerAddressTests {
    @Test(arguments: [
        "https://hufu.example", "https://hufu.example:8443/prefix", "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://[::1]:8080", "http://localhost:1", "http://a.localhost",
    ])
    func `TLS anywhere, plain HTTP on this machine`(text: String) throws {
        #expect(try ServerAddress(text).text == text)
    }

    @Test(arguments: [
        "", "hufu.example", "ftp://hufu.example", "http://hufu.example", "http://10.0.0.1:8080",
        "http://127.0.0.1.example.com", "http://1270.0.0.1", "https://user:secret@hufu.example",
        "https://hufu.example?x=1", "https://hufu.example#x", "https://",
    ])
    func `everything else is refused`(text: String) {
        #expect(throws: ServerAddressError.self) { try ServerAddress(text) }
    }

    @Test func `a trailing slash does not double`() throws {
        #expect(try ServerAddress("https://hufu.example/").text == "https://hufu.example")
    }

    @Test func `nobody there is said at once`() async throws {
        let connection = try APIConnection(try ServerAddress("http://127.0.0.1:1"))
        await #expect(throws: ServerUnreachable.self) { try await connection.send(.get, "/livez") }
        await #expect(throws: ServerUnreachable.self) {
            try await connection.send(.post, "/v1/codes", body: [:])
        }
    }
}
