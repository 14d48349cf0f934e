import HTTPTypes
import RequestSigning
import Testing

@Suite("Every profile signs and verifies", .timeLimit(.minutes(10)))
struct ProfileTests {
    @Test("What is signed is recognized, read and verified", arguments: Profile.all)
    func roundTrip(_ profile: Profile) throws {
        let key = try SampleRequests.key(for: profile)
        let signed = try SampleRequests.signed(profile, key)
        #expect(try RequestVerifier.profile(of: signed) == profile)
        let verifier = RequestVerifier(profile)
        let presented = try verifier.read(signed)
        #expect(presented.keyID == key.id)
        #expect(presented.time == SampleRequests.now)
        #expect(presented.nonce == (profile.hasNonce ? SampleRequests.nonce : nil))
        try verifier.checkTime(presented, now: SampleRequests.now)
        let content = try verifier.content(presented, of: signed, key: key.verificationKey)
        let call = try verifier.verify(presented, content, key: key.verificationKey)
        #expect(call.keyID == key.id && call.profile == profile && call.time == SampleRequests.now)
        let signer = RequestSigner(profile, key: key)
        if profile != .rfc9421 {
            let plain = try SampleRequests.plain(for: profile)
            let bytes = try signer.signedBytes(of: plain, at: SampleRequests.now, nonce: SampleRequests.nonce)
            #expect(bytes == content.bytes)
        }
    }

    @Test("Another key, another signature and another time are refused", arguments: Profile.all)
    func tampering(_ profile: Profile) throws {
        let key = try SampleRequests.key(for: profile)
        let signed = try SampleRequests.signed(profile, key)
        let verifier = RequestVerifier(profile)
        let other = VerificationKey(id: key.id, try SampleRequests.key(for: profile).verificationKey.material)
        let mismatch = refusal { _ = try verifier.verify(signed, now: SampleRequests.now, key: other) }
        #expect(mismatch == .signatureMismatch)
        let later = refusal {
            _ = try verifier.verify(signed, now: SampleRequests.now + 301_000, key: key.verificationKey)
        }
        #expect(later == .timestampTooOld)
        let content = try verifier.content(verifier.read(signed), of: signed, key: key.verificationKey)
        let second = try SampleRequests.signed(profile, key, at: SampleRequests.now + 1000)
        // The time of fsi-sm isn't signed, and its input is the same.
        guard profile != .fsiSM, profile != .tif else { return }
        let crossed = refusal {
            _ = try verifier.verify(verifier.read(second), content, key: key.verificationKey)
        }
        #expect(crossed == .signatureMismatch)
    }

    @Test("A parameter that was changed on its way is noticed", arguments: [Profile.v320, .v321, .v330, .gm])
    func changedParameter(_ profile: Profile) throws {
        let key = try SampleRequests.key(for: profile)
        let signed = try SampleRequests.signed(profile, key).replacing("张三", with: "李四")
        let code = refusal {
            _ = try RequestVerifier(profile).verify(signed, now: SampleRequests.now, key: key.verificationKey)
        }
        #expect(code == .signatureMismatch)
    }

    @Test("The signed text is seconds, nonce and canonical parameters")
    func triple() throws {
        let key = try SampleRequests.key(for: .v320)
        let text = try RequestSigner(.v320, key: key).signedBytes(
            of: SampleRequests.plain(for: .v320), at: SampleRequests.now + 999, nonce: SampleRequests.nonce)
        let parameters =
            #"{"amt":100.0,"card_no":"6222","flag":true,"list":[{"a_b":"\u5f20\u4e09","b":1}],"none":null}"#
        #expect(String(decoding: text, as: UTF8.self) == "1700000000|\(SampleRequests.nonce)|\(parameters)")
    }

    @Test("A query alone, a query beside a body, and neither are signed")
    func query() throws {
        let key = try SampleRequests.key(for: .v330)
        let signer = RequestSigner(.v330, key: key)
        func parameters(_ message: HTTPMessage) throws -> String {
            let text = try signer.signedBytes(of: message, at: 0, nonce: SampleRequests.nonce)
            return String(decoding: text.dropFirst(SampleRequests.nonce.count + 3), as: UTF8.self)
        }
        #expect(
            try parameters(SampleRequests.get("/v3/a?cardNo=%E5%BC%A0+1&b=")) == #"{"b":"","card_no":"张 1"}"#)
        #expect(try parameters(SampleRequests.get("/v3/a")) == "{}")
        #expect(try parameters(SampleRequests.get("http://a/v3?b=1")) == #"{"b":"1"}"#)
        #expect(
            try parameters(SampleRequests.post(Array("{\"b\":1}".utf8), "/v3/a?c=2")) == #"{"b":1,"c":"2"}"#)
    }

    @Test("A camelCase body goes out in snake_case, any other body as it is")
    func names() throws {
        let key = try SampleRequests.key(for: .gm)
        let signed = try SampleRequests.signed(.gm, key)
        let body =
            #"{"card_no":" 6222 ","amt":100.00,"list":[{"b":1,"a_b":"张三"}],"flag":true,"none":null}"#
        #expect(String(decoding: signed.body, as: UTF8.self) == body)
        let spaced = Array("{ \"b\" : 1 }".utf8)
        #expect(try SampleRequests.signed(.gm, key, SampleRequests.post(spaced)).body == spaced)
        let received = try SampleRequests.post(SampleRequests.body)
        let verifier = RequestVerifier(.gm)
        var camel = signed
        camel.body = received.body
        let call = try verifier.verify(camel, now: SampleRequests.now, key: key.verificationKey)
        #expect(String(decoding: call.content.body, as: UTF8.self) == body)
        #expect(call.content.parameters?.string(at: "card_no") == " 6222 ")
    }

    @Test("tif: both families out, both cases in")
    func tif() throws {
        let key = try SampleRequests.key(for: .tif)
        for family in SigningOptions.GatewayFamily.allCases {
            for isUpper in [false, true] {
                let options = SigningOptions(family: family, usesUppercaseHex: isUpper)
                let signed = try SampleRequests.signed(.tif, key, options: options)
                let text = try signed.field(named: "x-\(family)-signature")
                #expect(isUpper ? text == text.uppercased() : text == text.lowercased())
                #expect(try RequestVerifier.profile(of: signed) == .tif)
                _ = try RequestVerifier(.tif).verify(
                    signed, now: SampleRequests.now, key: key.verificationKey)
            }
        }
    }

    @Test("csb: seconds and milliseconds, query and form parameters")
    func csb() throws {
        let key = try SampleRequests.key(for: .csb)
        let form = try SampleRequests.post(
            Array("b=%E5%BC%A0+1&B=2".utf8), "/csb?a=1",
            [
                "_api_name": "n", "_api_version": "1.0.0",
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            ])
        for resolution in SigningOptions.Resolution.allCases {
            let signed = try SampleRequests.signed(
                .csb, key, form, options: SigningOptions(resolution: resolution))
            let time = resolution == .seconds ? "1700000000" : "1700000000000"
            let verifier = RequestVerifier(.csb)
            let presented = try verifier.read(signed)
            #expect(presented.timeText == time && presented.isWholeSeconds == (resolution == .seconds))
            let content = try verifier.content(presented, of: signed, key: key.verificationKey)
            let pairs =
                "B=2&_api_access_key=key-1&_api_name=n&_api_timestamp=\(time)&_api_version=1.0.0&a=1&b=张 1"
            #expect(String(decoding: content.bytes, as: UTF8.self) == pairs)
            _ = try verifier.verify(presented, content, key: key.verificationKey)
        }
    }

    @Test("Claims hold the call and what its key's record says")
    func claims() throws {
        let key = try SampleRequests.key(for: .v320)
        let call = try RequestVerifier(.v320).verify(
            SampleRequests.signed(.v320, key), now: SampleRequests.now, key: key.verificationKey)
        let claims = AuthClaims(
            call, institution: "H1", device: "D1", code: "C1", scopes: ["patient.read"])
        #expect(claims.profile == .v320 && claims.keyID == "key-1" && claims.time == SampleRequests.now)
        #expect(claims.permits("patient.read") && !claims.permits("claim.write"))
    }
}
