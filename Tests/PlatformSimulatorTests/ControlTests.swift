import Foundation
import InsurancePlatform
import NIOHTTP1
import PlatformSimulator
import Testing

@Suite("Control of the sandbox", .timeLimit(.minutes(10)))
struct ControlTests {
    @Test("faults are set, told and ended over the control API; what is none is refused by its member")
    func faults() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let set = try await client.control(
                .PUT, "/faults", #"{"faults":[{"kind":"http_5xx","infno":"1101","probability":1,"count":1}]}"#
            )
            #expect(set.status == 200)
            let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
            #expect(try await client.post(client.call(query)).status == 503)
            let told = try await client.control(.GET, "/faults").json?["faults"]?.elements?.first
            #expect(told?["struck"]?.string == "1")
            #expect(try await client.control(.DELETE, "/faults").json?["faults"]?.elements == [])
            for (body, member) in [
                (#"{"faults":[{"kind":"nothing"}]}"#, "kind"),
                (#"{"faults":[{"kind":"delay","probability":2}]}"#, "probability"),
                (#"{"faults":[{"kind":"delay","milisecond":2}]}"#, "milisecond"),
                (#"{"faults":[{"kind":"storm","class":"fun"}]}"#, "class"), ("[]", "faults"),
                ("{", "body"),
            ] {
                let refused = try await client.control(.PUT, "/faults", body)
                #expect(refused.status == 400)
                #expect(refused.json?["detail"]?.string?.hasPrefix(member + ":") == true, "\(refused.text)")
            }
        }
    }

    @Test("the books are told, clock, tokens, certificate and keys obey")
    func actions() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            _ = try await client.carry(Settlement(visit.request()))
            let totals = try await client.control(.GET, "/ledger/totals").json?["totals"]?.elements?.first
            #expect(totals?["medfee_sumamt"]?.string == "100.00")
            #expect(try await client.control(.GET, "/ledger/check").json?["holds"] == .boolean(true))
            #expect(
                try await client.control(.GET, "/ledger/settlements").json?["settlements"]?.elements?.count
                    == 1)
            #expect(
                try await client.control(.POST, "/clock", #"{"offset_milliseconds":-5000}"#).status == 200)
            #expect(try await client.control(.POST, "/clock", #"{"offset_milliseconds":"x"}"#).status == 400)
            #expect(try await client.control(.POST, "/certificate/swap", #"{"to":"expired"}"#).status == 200)
            #expect(try await client.control(.POST, "/certificate/swap", #"{"to":"x"}"#).status == 400)
            #expect(try await client.control(.POST, "/keys/rotate").status == 200)
            #expect(try await client.control(.POST, "/token/revoke").json?["revoked"]?.string == "1")
            #expect(try await client.control(.GET, "/nothing").status == 404)
        }
    }

    @Test("the traffic tells each check and no secret; the page loads nothing from elsewhere")
    func traffic() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            _ = try await client.carry(PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"))
            let answer = try await client.control(.GET, "/traffic?limit=1")
            let checks = answer.json?["traffic"]?.elements?.first?["checks"]?.elements
            #expect(
                checks?.compactMap { $0["name"]?.string } == [
                    "tls", "signature", "token", "envelope", "business",
                ])
            #expect(checks?.allSatisfy { $0["outcome"]?.string == "passed" } == true)
            for secret in [client.token, "张三丰", "HF00000001"] { #expect(!answer.text.contains(secret)) }
            let page = try await client.control(.GET, "/")
            #expect(page.status == 200)
            #expect(!page.text.contains("http://") && !page.text.contains("https://"))
        }
    }

    @Test("a page of another origin, or a name that was made to point here, can't steer")
    func foreignPages() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let foreign = try await client.control(
                .DELETE, "/faults", fields: [("origin", "https://evil.example")])
            #expect(foreign.status == 403)
            let rebound = try await client.control(.GET, "/faults", fields: [("host", "evil.example")])
            #expect(rebound.status == 403)
        }
    }

    @Test("who watches the events sees a request come")
    func events() async throws {
        try await RunningSandbox.run { running in
            let seen = try await running.firstEvent {
                _ = try await running.client.carry(
                    PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"))
            }
            #expect(seen.contains("\"infno\":\"1101\""))
        }
    }

    @Test("secrets lie in files for their owner alone, and nothing secret is told to programs")
    func files() async throws {
        try await RunningSandbox.run { running in
            let files = running.addresses.files
            var paths = [
                files.clientKey, files.clientSecret, files.loginPassword, files.clientBundlePassphrase,
            ]
            paths += running.sandbox.signingKeyFiles.map(\.file)
            for path in paths {
                let mode =
                    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(path)")
            }
            let told = String(decoding: running.addresses.json(running.sandbox), as: UTF8.self)
            let secret = try String(contentsOfFile: files.clientSecret, encoding: .utf8)
                .trimmingCharacters(in: .newlines)
            #expect(secret.count == 32)
            #expect(!told.contains(secret))
        }
    }
}
