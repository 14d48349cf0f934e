import ActivationClient
import Foundation
import Testing

struct OperatorSessionTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)

    private static func session(name: String = "alice") throws -> OperatorSession {
        try OperatorSession(
            server: ServerAddress("http://127.0.0.1:1"), trustedCAFile: "/etc/ca.pem",
            answer: APIResponse(
                status: 200, headers: [],
                bytes: Array(
                    #"{"access_token":"a","expires_in":900,"refresh_token":"r","operator":{"name":"\#(name)"}}"#
                        .utf8)),
            now: now)
    }

    @Test func `a session comes back as it was, from a file of its own`() async throws {
        let directory = try TemporaryDirectory()
        let file = SessionFile(path: directory.path + "/hufu/session.json")
        #expect(try await file.load() == nil)
        let session = try Self.session()
        try await file.save(session)
        #expect(try await file.load() == session)
        #expect(try directory.permissions(of: "hufu/session.json") == 0o600)
        #expect(try await file.current(at: Self.now) == session)
        try await file.remove()
        #expect(try await file.current(at: Self.now) == nil)
    }

    @Test func `a token is renewed before it ends, not after`() throws {
        let session = try Self.session()
        #expect(!session.needsRefresh(at: Self.now))
        #expect(!session.needsRefresh(at: Self.now.addingTimeInterval(869)))
        #expect(session.needsRefresh(at: Self.now.addingTimeInterval(871)))
    }

    @Test func `a session that can't be refreshed is kept`() async throws {
        let directory = try TemporaryDirectory()
        let file = SessionFile(path: directory.path + "/session.json")
        var session = try Self.session()
        session.trustedCAFile = nil
        try await file.save(session)
        await #expect(throws: ServerUnreachable.self) {
            try await file.current(at: Self.now.addingTimeInterval(900))
        }
        #expect(try await file.load() == session)
    }

    @Test(arguments: ["", "{}", "not JSON", #"{"server":"x"}"#])
    func `a damaged file is refused`(text: String) async throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, to: "session.json")
        try directory.setPermissions(0o600, of: "session.json")
        await #expect(throws: PrivateFileError.self) {
            try await SessionFile(path: directory.path + "/session.json").load()
        }
    }

    @Test func `the file lies where XDG says`() {
        #expect(SessionFile.path(in: ["HOME": "/h"]) == "/h/.config/hufu/session.json")
        #expect(SessionFile.path(in: ["HOME": "/h", "XDG_CONFIG_HOME": "/c"]) == "/c/hufu/session.json")
        #expect(
            SessionFile.path(in: ["HOME": "/h", "XDG_CONFIG_HOME": "c"]) == "/h/.config/hufu/session.json")
        #expect(SessionFile.path(in: [:]) == nil)
    }
}
