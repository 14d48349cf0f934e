import Foundation
import HTTPTypes
import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Testing

@Suite("Signatures and faces of the sandbox", .timeLimit(.minutes(10)))
struct SignatureTests {
    private static let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000005")

    @Test("every profile is verified, and the same request is not taken twice", arguments: Profile.all)
    func profiles(profile: Profile) async throws {
        try await RunningSandbox.run { running in
            let client = running.client.with(profile)
            let body = try FsiEnvelope.encode(
                client.call(Self.query), site: client.site, now: client.now)
            let message = try client.signed(client.site.url(infno: "1101"), body: body)
            let answer = try await client.send(message)
            #expect(answer.status == 200, "\(answer.text)")
            var plain = answer.body
            if profile == .envelope {
                let key = running.sandbox.credentials.envelopeAnswerKey.verificationKey
                let message = HTTPMessage(message.head, body: answer.body)
                plain = try RequestVerifier(.envelope).verify(message, now: client.now, key: key).content.body
            }
            let person = try PlatformAnswer(fsi: plain).content(of: PersonQuery.self)
            #expect(person.base.psnName == "阿依古丽·买买提")
            let again = try await client.send(message)
            #expect(again.status == 403)
            #expect(again.json?["code"]?.string == "nonce_replayed")
            #expect(again.json?["explanation"]?["verdict"]?.string == "refused")
        }
    }

    @Test("nodes whose names a profile respells are understood", arguments: [Profile.v320, .v330, .gm])
    func respelledNodes(profile: Profile) async throws {
        try await RunningSandbox.run { running in
            let client = running.client.with(profile)
            let signed = try await client.carry(SignIn(opterNo: "op1", mac: "", ip: ""))
            _ = try await client.carry(SignOut(signNo: signed.signNo, opterNo: "op1"))
        }
    }

    @Test("a wrong key, no signature and no certificate are refused with the reason")
    func refusals() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let body = try FsiEnvelope.encode(
                client.call(Self.query), site: client.site, now: client.now)
            let url = client.site.url(infno: "1101")
            let own = try #require(running.sandbox.credentials.signingKey(for: .v330))
            let wrong = try SigningKey.generate(for: .v330, id: own.id)
            var message = try RequestSigner(.v330, key: wrong).sign(
                client.signed(url, body: body).bare, at: client.now, nonce: Nonce.fresh())
            let mismatch = try await client.send(message)
            #expect(mismatch.json?["code"]?.string == "signature_mismatch")
            #expect(mismatch.json?["explanation"]?["findings"]?.elements?.isEmpty == false)
            message = message.bare
            #expect(try await client.send(message).json?["code"]?.string == "unknown_version")
            let stranger = try running.http(withCertificate: false)
            let refused = try await client.send(client.signed(url, body: body), over: stranger)
            #expect(refused.status == 403)
            #expect(refused.json?["code"]?.string == "client_certificate_missing")
        }
    }

    @Test("the v3 face takes bare queries and bodies")
    func versioned() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let query = try client.signed(
                client.addresses.base + "/v3/insured/status?cardNo=HF00000005", method: .get)
            let answer = try await client.send(query)
            #expect(
                answer.json?["output"]?["baseinfo"]?["psn_name"]?.string == "阿依古丽·买买提", "\(answer.text)")
            let person = try await running.person(1)
            let registration = Registration(
                psnNo: person.psnNo, insutype: "310", begntime: "2026-11-21 08:00:00", mdtrtCertType: "02",
                mdtrtCertNo: person.certNo, iptOtpNo: "1")
            let opened = try await client.send(
                client.signed(
                    client.addresses.base + "/v3/registrations",
                    body: registration.input["data"]?.text() ?? []))
            #expect(opened.json?["output"]?["data"]?["mdtrt_id"] != nil, "\(opened.text)")
            let unknown = try await client.send(
                client.signed(client.addresses.base + "/v3/nothing", method: .get))
            #expect(unknown.status == 404)
        }
    }

    @Test("an address must be that of the transaction; a broken envelope is named by its field")
    func envelopes() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let call = client.call(Self.query)
            let elsewhere = try await client.post(call, at: "/fsi/api/reverseService/revsMethod")
            #expect(elsewhere.json?["infcode"]?.string == "1003")
            for path in ["/fsi/api", "/fsi/api/1101"] {
                #expect(
                    try await client.post(client.call(Self.query), at: path).json?["infcode"]?.string == "0")
            }
            #expect(try await client.post(call, at: "/fsi/api/no/thing").status == 404)
            let url = client.site.url(infno: "1101")
            let empty = try await client.send(client.signed(url, body: Array(#"{"infno":"1101"}"#.utf8)))
            #expect(empty.json?["infcode"]?.string == "1001")
            #expect(empty.json?["err_msg"]?.string?.contains("msgid") == true)
            var foreign = client.site
            foreign.fixmedinsCode = "H99999999999"
            let other = try MessageIDSource(fixmedinsCode: foreign.fixmedinsCode).next(now: client.now).text
            let body = try FsiEnvelope.encode(
                client.call(Self.query, msgid: other), site: foreign, now: client.now)
            let stranger = try await client.send(client.signed(url, body: body))
            #expect(stranger.json?["infcode"]?.string == "1004")
        }
    }
}

extension HTTPMessage {
    /// Without any signature.
    fileprivate var bare: HTTPMessage {
        var message = self
        for name in ["X-Signature", "X-Api-Version", "X-Timestamp", "X-Nonce", "X-Key-Id"] {
            if let name = HTTPField.Name(name) { message.head.headerFields[name] = nil }
        }
        return message
    }
}
