import Crypto
import Foundation
import HTTPTypes
import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Testing

@Suite("OAuth2 of the sandbox", .timeLimit(.minutes(10)))
struct LoginTests {
    private static let verifier = String(repeating: "v", count: 50)
    private static let redirect = "http://127.0.0.1:4711/callback"

    private static var challenge: String {
        Data(SHA256.hash(data: Data(verifier.utf8))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func authorization(_ change: [String: String] = [:]) -> [(String, String)] {
        let fields = [
            "response_type": "code", "client_id": "hufu-sandbox-client", "redirect_uri": redirect,
            "scope": "openid patient.read claim.write", "state": "0123456789abcdef", "nonce": "n-1",
            "code_challenge": challenge, "code_challenge_method": "S256",
        ].merging(change) { $1 }
        return fields.map { ($0.key, $0.value) }
    }

    private static func secrets(_ running: RunningSandbox) throws -> (client: String, password: String) {
        func line(_ path: String) throws -> String {
            try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .newlines)
        }
        let files = running.addresses.files
        return (try line(files.clientSecret), try line(files.loginPassword))
    }

    private static func code(_ location: String?) throws -> String {
        let items = URLComponents(string: try #require(location))?.queryItems ?? []
        #expect(items.first { $0.name == "state" }?.value == "0123456789abcdef")
        return try #require(items.first { $0.name == "code" }?.value)
    }

    private static func token(
        _ running: RunningSandbox, _ fields: [(String, String)]
    ) async throws -> SandboxClient.Answer {
        let known = [
            ("client_id", "hufu-sandbox-client"), ("client_secret", try secrets(running).client),
        ]
        return try await running.client.form("/auth/oauth2/v1/token", known + fields)
    }

    @Test("a browser without a certificate signs in; the code becomes tokens once, with PKCE only")
    func login() async throws {
        try await RunningSandbox.run { running in
            let browser = try running.http(withCertificate: false)
            let path = "/auth/oauth2/v1/authorize"
            var query = URLComponents()
            query.queryItems = Self.authorization().map { URLQueryItem(name: $0.0, value: $0.1) }
            let head = HTTPRequest(
                method: .get, scheme: "https", authority: nil,
                path: "\(path)?\(query.percentEncodedQuery ?? "")")
            let page = try await running.client.send(.init(head), over: browser)
            #expect(page.status == 200)
            #expect(page.text.contains("patient.read"))
            let wrong = [("username", "tester"), ("password", "guess")]
            #expect(
                try await running.client.form(path, Self.authorization() + wrong, over: browser).status == 401
            )
            let right = [("username", "tester"), ("password", try Self.secrets(running).password)]
            func signIn() async throws -> String {
                let answer = try await running.client.form(
                    path, Self.authorization() + right, over: browser)
                #expect(answer.status == 302)
                return try Self.code(answer.location)
            }
            let exchange = [
                ("grant_type", "authorization_code"), ("redirect_uri", Self.redirect),
                ("code_verifier", Self.verifier),
            ]
            let code = try await signIn()
            let answer = try await Self.token(running, exchange + [("code", code)])
            #expect(answer.status == 200)
            #expect(answer.json?["id_token"]?.string?.split(separator: ".").count == 3)
            #expect(answer.json?["expires_in"]?.string == "900")
            #expect(try await Self.token(running, exchange + [("code", code)]).status == 400)
            let stolen = exchange.dropLast() + [("code_verifier", String(repeating: "w", count: 50))]
            #expect(try await Self.token(running, stolen + [("code", try await signIn())]).status == 400)
            var client = running.client
            client.token = try #require(answer.json?["access_token"]?.string)
            let person = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
            #expect(try await client.carry(person).base.psnName == "张三丰")
        }
    }

    @Test(
        "what the authorize endpoint must not take, it doesn't",
        arguments: [
            (["redirect_uri": "http://127.0.0.1:4711/callback/x"], 400, ""),
            (["redirect_uri": "http://evil.example/callback"], 400, ""),
            (["redirect_uri": "http://127.0.0.1:4711@evil.example/callback"], 400, ""),
            (["client_id": "other"], 400, ""),
            (["code_challenge_method": "plain"], 302, "error=invalid_request"),
            (["code_challenge": ""], 302, "error=invalid_request"),
            (["state": "short"], 302, "error=invalid_request"),
            (["scope": "everything"], 302, "error=invalid_scope"),
            (["response_type": "token"], 302, "error=unsupported_response_type"),
        ])
    func refusals(change: [String: String], status: Int, error: String) async throws {
        try await RunningSandbox.run { running in
            let answer = try await running.client.form(
                "/auth/oauth2/v1/authorize", Self.authorization(change))
            #expect(answer.status == status)
            #expect(error.isEmpty || answer.location?.contains(error) == true)
        }
    }

    @Test("a refresh whose answer was lost can be asked again; the old token ends with the new one's use")
    func refresh() async throws {
        try await RunningSandbox.run { running in
            let password = try Self.secrets(running).password
            let first = try await Self.token(
                running,
                [
                    ("grant_type", "password"), ("username", "tester"), ("password", password),
                    ("scope", "patient.read"),
                ])
            func refresh(_ token: String?) async throws -> SandboxClient.Answer {
                try await Self.token(
                    running, [("grant_type", "refresh_token"), ("refresh_token", token ?? "")])
            }
            let old = first.json?["refresh_token"]?.string
            #expect(try await refresh(old).status == 200)
            let next = try await refresh(old)
            #expect(next.status == 200)
            #expect(try await refresh(next.json?["refresh_token"]?.string).status == 200)
            #expect(try await refresh(old).json?["error"]?.string == "invalid_grant")
            // A token for looking can't settle.
            var client = running.client
            client.token = try #require(next.json?["access_token"]?.string)
            let person = try await running.person(1)
            let cancel = client.call(
                RegistrationCancel(psnNo: person.psnNo, mdtrtID: "1", iptOtpNo: "1"))
            let answer = try await client.post(cancel)
            #expect(answer.status == 403)
            #expect(answer.json?["code"]?.string == "insufficient_scope")
        }
    }

    @Test("tokens outlive a restart, and end when they are revoked or over")
    func lifetime() async throws {
        let directory = NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
        var token = ""
        try await RunningSandbox.run(in: directory) { token = $0.client.token }
        let kept = token
        try await RunningSandbox.run(in: directory) { running in
            var client = running.client
            client.token = kept
            _ = try await client.carry(query)
            running.sandbox.setClockOffset(901_000)
            let late = try await client.post(client.call(query))
            // The clock is 15 minutes ahead for the signature as well.
            #expect(late.status == 403)
            #expect(late.json?["code"]?.string == "timestamp_too_old")
            running.sandbox.setClockOffset(0)
            try await running.sandbox.revokeTokens()
            let revoked = try await client.post(client.call(query))
            #expect(revoked.status == 401)
            #expect(revoked.json?["code"]?.string == "token_invalid")
        }
    }

    @Test("the token endpoint wants the client certificate and the client's secret; keys rotate")
    func clientProof() async throws {
        try await RunningSandbox.run { running in
            let browser = try running.http(withCertificate: false)
            let grant = [("grant_type", "client_credentials")]
            let known = [
                ("client_id", "hufu-sandbox-client"),
                ("client_secret", try Self.secrets(running).client),
            ]
            let path = "/auth/oauth2/v1/token"
            #expect(try await running.client.form(path, known + grant, over: browser).status == 403)
            #expect(try await running.client.form(path, known + grant).status == 200)
            let wrong = [("client_id", "hufu-sandbox-client"), ("client_secret", "guess")]
            #expect(try await running.client.form(path, wrong + grant).status == 401)
            let keys = HTTPRequest(
                method: .get, scheme: "https", authority: nil, path: "/auth/oauth2/v1/jwks")
            let id = try running.sandbox.rotateIDTokenKey(to: "RS256")
            let list = try await running.client.send(.init(keys), over: browser).json?["keys"]?.elements
            #expect(list?.count == 2)
            #expect(list?.last?["kid"]?.string == id)
            #expect(list?.last?["kty"]?.string == "RSA")
        }
    }

    @Test("faults strike the token endpoint when they name it, and only then")
    func tokenFaults() async throws {
        try await RunningSandbox.run { running in
            let grant = [("grant_type", "client_credentials")]
            try running.sandbox.setFaults([
                Fault(.http5xx, status: 500), Fault(.http5xx, infno: "token", count: 1, status: 502),
            ])
            #expect(try await Self.token(running, grant).status == 502)
            #expect(try await Self.token(running, grant).status == 200)
            try running.sandbox.setFaults([Fault(.dropAfterCommit, infno: "token", count: 1)])
            await #expect(throws: (any Error).self) { try await Self.token(running, grant) }
            #expect(try await Self.token(running, grant).status == 200)
        }
    }

    @Test("two sandboxes don't share a directory")
    func lock() async throws {
        try await RunningSandbox.run { running in
            let same = SandboxConfiguration(dataDirectory: running.sandbox.configuration.dataDirectory)
            await #expect(throws: SandboxError.self) { try await Sandbox(configuration: same) }
        }
    }
}
