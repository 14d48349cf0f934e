import Foundation
import InsurancePlatform
import Synchronization
import Testing

@Suite("id_tokens", .timeLimit(.minutes(10)))
struct IDTokenTests {
    static let now: Int64 = 1_800_000_000_000
    static let good =
        #"{"iss":"https://p.example","sub":"s","aud":"c","exp":1800000300,"iat":1800000000,"nonce":"n"}"#

    /// A set of keys that counts how often it is asked for, and may be changed or fail.
    final class KeySet: Sendable {
        let text: Mutex<String?>
        let count = Mutex(0)

        init(_ signers: [TokenSigner]) { text = Mutex(Self.text(signers)) }

        static func text(_ signers: [TokenSigner]) -> String {
            #"{"keys":[\#(signers.map(\.jwk).joined(separator: ","))]}"#
        }

        var keys: PlatformKeys {
            PlatformKeys { () async throws(TokenFailure) in
                self.count.withLock { $0 += 1 }
                guard let text = self.text.withLock({ $0 }) else {
                    throw TokenFailure(.unreachable, "no set")
                }
                return Array(text.utf8)
            }
        }
    }

    private static func code(
        _ token: String, _ keys: PlatformKeys, subject: Redacted? = nil, at now: Int64 = Self.now
    ) async -> TokenFailure.Code? {
        let expected = IDToken.Expectation(
            issuer: "https://p.example", audience: "c", nonce: Redacted("n"), access: Redacted("access"),
            subject: subject)
        do throws(TokenFailure) {
            _ = try await IDToken.verify(token, keys: keys, expecting: expected, now: now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("RS256 and ES256 verify; a token signed by anything else does not")
    func algorithms() async throws {
        let signers = [try await TokenSigner.rsa("r"), await TokenSigner.p256("e")]
        let keys = KeySet(signers).keys
        for signer in signers {
            #expect(await Self.code(try await signer.token(claims: Self.good), keys) == nil)
            let other = signer.algorithm == "RS256" ? "ES256" : "RS256"
            for header in [
                #"{"alg":"none","kid":"\#(signer.id)"}"#, #"{"alg":"HS256","kid":"\#(signer.id)"}"#,
                #"{"alg":"\#(other)","kid":"\#(signer.id)"}"#, #"{"kid":"\#(signer.id)"}"#,
                #"{"alg":"\#(signer.algorithm)","kid":"\#(signer.id)","crit":["b64"],"b64":false}"#,
                #"{"alg":"none","alg":"\#(signer.algorithm)","kid":"\#(signer.id)"}"#,
            ] {
                let token = try await signer.token(header: header, claims: Self.good)
                #expect(await Self.code(token, keys) != nil, "\(header)")
            }
            let stranger = await TokenSigner.p256("e")
            #expect(await Self.code(try await stranger.token(claims: Self.good), keys) == .idTokenInvalid)
        }
    }

    @Test("A changed letter anywhere is refused")
    func malleability() async throws {
        let signer = await TokenSigner.p256("e")
        let keys = KeySet([signer]).keys
        let token = Array(try await signer.token(claims: Self.good).utf8)
        for place in stride(from: 0, to: token.count, by: 7) + [token.count - 1] {
            var changed = token
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(await Self.code(String(decoding: changed, as: UTF8.self), keys) != nil, "\(place)")
        }
        let text = String(decoding: token, as: UTF8.self)
        for wrong in [
            text + "=", text + ".", text.split(separator: ".").dropLast().joined(separator: "."), "",
        ] {
            #expect(await Self.code(wrong, keys) == .idTokenInvalid)
        }
    }

    @Test(
        "Every claim is checked",
        arguments: [
            ("https://p.example", "https://q.example"), (#""aud":"c""#, #""aud":"d""#),
            (#""aud":"c""#, #""aud":["c","d"]"#), (#""aud":"c""#, #""aud":"c","azp":"d""#),
            (#""aud":"c""#, #""aud":[]"#), (#""sub":"s""#, #""sub":"""#), (#""sub":"s","#, ""),
            ("1800000300", "1799999939"), (#""exp":1800000300,"#, ""), ("1800000300", #""1800000300""#),
            (#""iat":1800000000"#, #""iat":1800000061"#), (#","iat":1800000000"#, ""),
            (#""nonce":"n""#, #""nonce":"m""#), (#","nonce":"n""#, ""),
            (#""nonce":"n""#, #""nonce":"n","nbf":1800000061"#),
            (#""nonce":"n""#, #""nonce":"n","at_hash":"AAAA""#),
            (#""nonce":"n""#, #""nonce":"n","nonce":"n""#),
        ])
    func claims(part: String, wrong: String) async throws {
        let signer = await TokenSigner.p256("e")
        let keys = KeySet([signer]).keys
        #expect(await Self.code(try await signer.token(claims: Self.good), keys) == nil)
        let claims = Self.good.replacing(part, with: wrong)
        #expect(claims != Self.good)
        #expect(await Self.code(try await signer.token(claims: claims), keys) == .idTokenInvalid)
    }

    @Test("Several audiences with us as the party, and a clock a minute off, are good")
    func tolerated() async throws {
        let signer = await TokenSigner.p256("e")
        let keys = KeySet([signer]).keys
        for (part, other) in [
            (#""aud":"c""#, #""aud":["d","c"],"azp":"c""#), ("1800000300", "1799999941"),
            (#""iat":1800000000"#, #""iat":1800000060.9"#),
        ] {
            let token = try await signer.token(claims: Self.good.replacing(part, with: other))
            #expect(await Self.code(token, keys) == nil, "\(other)")
        }
        let token = try await signer.token(claims: Self.good)
        #expect(await Self.code(token, keys, subject: Redacted("s")) == nil)
        #expect(await Self.code(token, keys, subject: Redacted("t")) == .idTokenInvalid)
    }

    @Test("A new key becomes known by itself; a made-up one costs one look a minute")
    func rotation() async throws {
        let (old, new, stranger) = (
            await TokenSigner.p256("old"), await TokenSigner.p256("new"), await TokenSigner.p256("x")
        )
        let set = KeySet([old])
        let keys = set.keys
        #expect(await Self.code(try await old.token(claims: Self.good), keys) == nil)
        let made = try await stranger.token(claims: Self.good)
        let moment = Self.now + 60_000
        for _ in 0..<5 { #expect(await Self.code(made, keys, at: moment) == .keyUnknown) }
        #expect(set.count.withLock { $0 } == 2, "the first use, and one look for the stranger")
        set.text.withLock { $0 = KeySet.text([new]) }
        let fresh = try await new.token(claims: Self.good)
        #expect(await Self.code(fresh, keys, at: moment + 59_999) == .keyUnknown)
        #expect(await Self.code(fresh, keys, at: moment + 60_000) == nil)
        #expect(
            await Self.code(try await old.token(claims: Self.good), keys, at: moment + 60_000) == .keyUnknown)
        #expect(set.count.withLock { $0 } == 3)
    }

    @Test("A withdrawn key is trusted an hour at most; an unreachable set is borne for a day")
    func withdrawal() async throws {
        let signer = await TokenSigner.p256("e")
        let set = KeySet([signer])
        let keys = set.keys
        func claims(_ now: Int64) -> String {
            Self.good.replacing("1800000300", with: "\(now / 1000 + 300)")
        }
        #expect(await Self.code(try await signer.token(claims: Self.good), keys) == nil)
        set.text.withLock { $0 = nil }
        for hours in [1, 2, 23] {
            let now = Self.now + Int64(hours) * 3_600_000
            #expect(await Self.code(try await signer.token(claims: claims(now)), keys, at: now) == nil)
        }
        let day = Self.now + 24 * 3_600_000
        let token = try await signer.token(claims: claims(day))
        #expect(await Self.code(token, keys, at: day) == .unreachable)
        set.text.withLock { $0 = KeySet.text([]) }
        #expect(await Self.code(token, keys, at: day + 60_000) == .keyUnknown)
    }

    @Test("Keys that are weak, for encryption, or of another kind are none")
    func unfitKeys() async throws {
        let signer = await TokenSigner.p256("e")
        let token = try await signer.token(claims: Self.good)
        for jwk in [
            signer.jwk.replacing(#""use":"sig""#, with: #""use":"enc""#),
            signer.jwk.replacing(#""alg":"ES256""#, with: #""alg":"ES384""#),
            signer.jwk.replacing("P-256", with: "P-384"),
            signer.jwk.replacing(#""kty":"EC""#, with: #""kty":"OKP""#),
            #"{"kid":"e","kty":"RSA","n":"AQAB","e":"AQAB"}"#, "{}", "7",
            signer.jwk + "," + signer.jwk,
        ] {
            let set = KeySet([])
            set.text.withLock { $0 = #"{"keys":[\#(jwk)]}"# }
            #expect(await Self.code(token, set.keys) == .keyUnknown, "\(jwk)")
        }
    }

    @Test("A login whose id_token does not hold gives no token")
    func login() async throws {
        try await LoginScene.run { behavior in
            behavior.claims = { $0.replacing("institution-7", with: "x").replacing("nonce", with: "once") }
        } body: { scene in
            let failure = await scene.failure { _ = try await scene.logIn() }
            #expect(failure?.code == .idTokenInvalid)
        }
    }

    @Test("A refresh that names somebody else gives no token")
    func otherSubject() async throws {
        try await LoginScene.run { scene in
            let token = try await scene.logIn()
            scene.server.change { $0.claims = { $0.replacing("institution-7", with: "institution-8") } }
            let failure = await scene.failure { _ = try await scene.client.refresh(token) }
            #expect(failure?.code == .idTokenInvalid)
        }
    }
}

private func + <Element>(one: StrideTo<Element>, other: [Element]) -> [Element] { Array(one) + other }
