import Foundation
import InsurancePlatform
import Testing

@Suite("The configuration of the login")
struct OAuth2ConfigurationTests {
    @Test(
        "Secrets travel by https, or to this machine",
        arguments: [
            "http://platform.example", "ftp://platform.example", "platform.example", "",
            "https://user@platform.example", "https://platform.example/#f", "http://127.0.0.1.example",
        ])
    func addresses(base: String) {
        #expect(throws: TokenFailure.self) {
            try OAuth2Configuration(
                issuer: base, endpoints: .init(base: base), clientID: "c", clientSecret: Redacted("s"),
                scopes: ["a"], grant: .legacyClientCredentials)
        }
    }

    @Test(
        "A redirect URI is one exact address",
        arguments: [
            ("http://127.0.0.1:8790/callback", true), ("http://[::1]:8790/callback", true),
            ("https://hufu.example/platform", true), ("http://127.0.0.1/callback", false),
            ("http://hufu.example:80/callback", false), ("https://hufu.example/platform?x=1", false),
            ("https://hufu.example/#x", false), ("hufu:callback", false), ("", false),
        ])
    func redirects(text: String, isGood: Bool) {
        #expect(((try? RedirectURI(text)) != nil) == isGood)
    }

    @Test("Scopes are named, each once")
    func scopes() {
        for scopes in [[], ["a", "a"], ["a b"], ["a\"b"], [""]] {
            #expect(throws: TokenFailure.self) {
                try OAuth2Configuration(
                    issuer: "https://p.example", endpoints: .init(base: "https://p.example"), clientID: "c",
                    clientSecret: Redacted("s"), scopes: scopes, grant: .legacyClientCredentials)
            }
        }
    }

    @Test("Client credentials without a secret prove nothing")
    func secretless() {
        #expect(throws: TokenFailure.self) {
            try OAuth2Configuration(
                issuer: "https://p.example", endpoints: .init(base: "https://p.example"), clientID: "c",
                scopes: ["a"], grant: .legacyClientCredentials)
        }
    }

    @Test("A secret is read from a file that not everybody may read, and shows nowhere")
    func secretFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "hufu-secret-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for (mode, isGood) in [(0o600, true), (0o640, true), (0o644, false), (0o606, false)] {
            try? FileManager.default.removeItem(atPath: path)
            _ = FileManager.default.createFile(
                atPath: path, contents: Data("canary-7\r\nsecond".utf8), attributes: [.posixPermissions: mode]
            )
            let read = try? Redacted(firstLineOf: path)
            #expect((read?.exposed == "canary-7") == isGood, "\(String(mode, radix: 8))")
        }
        #expect(throws: TokenFailure.self) { try Redacted(firstLineOf: path + ".none") }

        let secret = Redacted("canary-7")
        var dumped = ""
        dump(secret, to: &dumped)
        let token = PlatformToken(
            access: secret, refresh: secret, obtainedAt: 0, expiresAt: 0, scopes: [], subject: secret)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(token)", String(reflecting: token)] {
            #expect(!text.contains("canary"))
        }
    }
}
