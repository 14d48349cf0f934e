import ActivationCodes
import AuditLog
import Crypto
import Foundation
import HufuServer
import Testing

/// Tokens made by hand, with the server's own key where the forger is given it.
@Suite("Forged tokens")
struct ForgedTokenTests {
    @Test("A token under any other algorithm, type, key, time or text is refused with 401")
    func forgeries() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let forge = Forge(
                key: try tokenKey(server.directory), subject: try await server.id(of: .admin),
                now: server.clock.now)
            try await server.expect(200, "GET", "/v1/operators/me", token: forge.token())
            let good = forge.token()
            let parts = good.split(separator: ".").map(String.init)
            let otherClaims = forge.token(subject: try await server.id(of: .issuer)).split(separator: ".")[1]
            let forgeries: [(String, String)] = [
                ("alg none", forge.token(algorithm: "none", signature: .none)),
                ("alg none with the right signature", forge.token(algorithm: "none")),
                ("alg None", forge.token(algorithm: "None", signature: .none)),
                ("HS512 with the right key", forge.token(algorithm: "HS512", signature: .sha512)),
                ("HS384 named", forge.token(algorithm: "HS384")),
                ("RS256 named", forge.token(algorithm: "RS256")),
                ("another typ", forge.token(type: "hufu-lease+jwt")),
                ("typ in lower case", forge.token(type: "jwt")),
                ("another key", forge.token(key: SymmetricKey(size: .bits256))),
                ("expired", forge.token(issued: -901)), ("expired now", forge.token(issued: -900)),
                ("from the future", forge.token(issued: 120)), ("too long", forge.token(lifetime: 901)),
                ("another issuer", forge.token(issuer: "else")),
                ("no subject", forge.token(subject: "nobody")),
                ("claims exchanged", "\(parts[0]).\(otherClaims).\(parts[2])"),
                ("no signature", "\(parts[0]).\(parts[1])."), ("two parts", "\(parts[0]).\(parts[1])"),
                ("four parts", good + ".x"), ("empty", " "), ("noise", "a.b.c"),
                ("very long", good + String(repeating: "A", count: 4000)),
            ]
            for (what, token) in forgeries {
                let answer = try await server.request("GET", "/v1/operators/me", token: token)
                #expect(answer.status == 401 && answer.code == "unauthenticated", "\(what)")
                #expect(answer.header("www-authenticate") == "Bearer", "\(what)")
            }
            for position in stride(from: 0, to: good.utf8.count, by: 7) {
                var bytes = Array(good.utf8)
                bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(try await server.request("GET", "/v1/operators/me", token: changed).status == 401)
            }
        }
    }

    @Test("An access token lasts fifteen minutes, also when it was seen before")
    func lifetime() async throws {
        try await RunningServer.run(clock: .frozen) { server in
            let session = try await server.token(of: .admin)
            server.clock.advance(seconds: 890)
            #expect(try await server.request("GET", "/v1/operators/me", token: session).status == 200)
            server.clock.advance(seconds: 15)
            #expect(try await server.request("GET", "/v1/operators/me", token: session).status == 401)
            let header = try JSON(
                parsing: Array(try #require(Data(base64URLText: session.split(separator: ".")[0]))))
            #expect(header["alg"]?.string == "HS256")
        }
    }

    @Test("A device's token opens nothing of the operators, and an operator's token validates no code")
    func kinds() async throws {
        try await RunningServer.run { server in
            let token = try await server.bind(TestDevice(), try await server.issueCode()).string(
                "access_token")
            #expect(try await server.request("GET", "/v1/codes", token: token).status == 403)
            #expect(try await server.request("GET", "/v1/operators/me", token: token).status == 403)
            let answer = try await server.request("POST", "/v1/validations", as: .admin, body: [:])
            #expect(answer.status == 401)
        }
    }

    /// Opens the keys as the server does: who has the directory and the master key has them.
    private func tokenKey(_ directory: String) throws -> SymmetricKey {
        let text = try String(contentsOfFile: directory + "/master.key", encoding: .utf8)
        let master = try #require(Data(base64URLText: text.trimmingCharacters(in: .whitespacesAndNewlines)))
        let context = Data("hufu-keys-v1".utf8)
        let sealing = SealingKey(
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: master), info: context, outputByteCount: 32))
        let sealed = try Data(contentsOf: URL(filePath: directory + "/keys.sealed"))
        let keys = try JSON(parsing: Array(try sealing.open(sealed, context: context)))
        return SymmetricKey(data: try #require(keys["tokens"]?.string.flatMap { Data(base64URLText: $0) }))
    }
}

private struct Forge {
    enum Signature { case sha256, sha512, none }

    let key: SymmetricKey
    let subject: String
    let now: Date

    func token(
        algorithm: String = "HS256", type: String = "JWT", signature: Signature = .sha256,
        key: SymmetricKey? = nil,
        subject: String? = nil, issuer: String = "hufu", issued: Int = 0, lifetime: Int = 900
    ) -> String {
        let begin = Int(now.timeIntervalSince1970) + issued
        let header: JSON = ["alg": .string(algorithm), "typ": .string(type)]
        let claims: JSON = [
            "iss": .string(issuer), "sub": .string(subject ?? self.subject), "kind": "operator",
            "iat": .integer(Int64(begin)), "exp": .integer(Int64(begin + lifetime)),
            "jti": .string(UUID().uuidString),
        ]
        let text = [header, claims].map { Data($0.canonical()).base64URLText }.joined(separator: ".")
        let key = key ?? self.key
        let code: Data =
            switch signature {
            case .sha256: Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
            case .sha512: Data(HMAC<SHA512>.authenticationCode(for: Data(text.utf8), using: key))
            case .none: Data()
            }
        return text + "." + code.base64URLText
    }
}
