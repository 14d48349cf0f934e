import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Testing

@Suite("The whole way to the platform", .timeLimit(.minutes(10)))
struct PlatformStoryTests {
    struct Way: Sendable, CustomTestStringConvertible {
        var transport: String
        var profile: Profile?
        var testDescription: String { "\(transport) \(profile?.id ?? "unsigned")" }
    }

    private static let ways =
        Profile.all.map { Way(transport: "rest", profile: $0) }
        + [Profile.tif, .fsiSM].map { Way(transport: "soap", profile: $0) }
        + [Way(transport: "frames", profile: nil)]

    @Test(
        "Every transport and profile carries queries and a settlement, which may be asked for afterwards",
        arguments: ways)
    func transports(way: Way) async throws {
        try await PlatformStage.run(transport: way.transport, profile: way.profile) { stage in
            let person = try await stage.host.patient()
            let found = try await stage.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
            #expect(found.base.psnNo == person.psnNo && found.base.psnName == person.name)
            let status = try await stage.server.call(
                stage.device, stage.device.message("/v3/insured/status?cardNo=\(person.cardNo)"))
            #expect(status.status == 200, "\(status.text)")
            #expect(
                try PlatformAnswer(fsi: status.bytes).output["baseinfo"]?["psn_no"]?.string == person.psnNo)
            #expect(status.header("x-hufu-msgid").flatMap { MessageID($0) } != nil)

            let request = try await stage.visit(person)
            let msgid = stage.msgid()
            let body: ExactJSON = [
                "msgid": .string(msgid), "insuplc_admdvs": "440100", "input": Settlement(request).input,
            ]
            let answer = try await stage.transact("2207", body)
            #expect(answer.status == 200, "\(answer.text)")
            let settled = try Settlement.answer(from: PlatformAnswer(fsi: answer.bytes).output).info
            #expect(settled.medfeeSumamt == request.medfeeSumamt && !settled.setlID.isEmpty)
            #expect(answer.header("x-hufu-outcome") == "settled" && answer.header("x-hufu-msgid") == msgid)
            let link = try #require(answer.header("location"))
            #expect(link == "/v1/settlements/\(msgid)")
            #expect(try await stage.outcome(link)["outcome"]?.string == "settled")

            let again = try await stage.transact("2207", body)
            #expect(again.status == 200 && again.header("x-hufu-outcome") == "settled")
            #expect(try stage.host.arrivals(msgid: msgid) == 1)
            #expect(try await stage.host.settlements(msgid: msgid) == 1)
        }
    }

    private static let routes: JSON = [
        "1101": ["method": "GET", "path": "/v3/insured/status"], "2201": ["path": "/v3/registrations"],
        "2207": ["path": "/v3/settlements"], "5203": ["method": "GET", "path": "/v3/settlements"],
    ]

    @Test(
        "Transactions with a route of the v3 interfaces go without an envelope, also when an answer is lost",
        arguments: [Profile.v320, .v330, .gm])
    func bareRoutes(profile: Profile) async throws {
        try await PlatformStage.run(profile: profile) { settings, _ in
            settings["bare_routes"] = Self.routes
        } _: { stage in
            let person = try await stage.host.patient()
            let status = try await stage.server.call(
                stage.device, stage.device.message("/v3/insured/status?cardNo=\(person.cardNo)"))
            #expect(status.status == 200, "\(status.text)")
            #expect(
                try PlatformAnswer(fsi: status.bytes).output["baseinfo"]?["psn_no"]?.string == person.psnNo)

            // Its fees (2204) have no such route.
            let settled = stage.call(Settlement(try await stage.visit(person)))
            #expect(try await stage.send(settled).header("x-hufu-outcome") == "settled")
            let lost = stage.call(Settlement(try await stage.visit(person)))
            try stage.host.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2207", count: 1)])
            let unknown = try await stage.send(lost)
            #expect(unknown.status == 202, "\(unknown.text)")
            let outcome = try await stage.resolved(try #require(unknown.header("location")))
            #expect(outcome["outcome"]?.string == "settled", "\(outcome.text)")
            for msgid in [settled.msgid, lost.msgid] {
                #expect(try stage.host.arrivals(msgid: msgid) == 1)
                #expect(try await stage.host.settlements(msgid: msgid) == 1)
            }

            let traffic = try stage.host.sandbox.traffic()
            for (infno, face) in [
                ("1101", "v3"), ("2201", "v3"), ("2204", "fsi"), ("2207", "v3"), ("5203", "v3"),
            ] {
                let faces = Set(traffic.filter { $0.infno == infno }.map(\.face))
                #expect(faces == [face], "\(infno) by \(faces)")
            }
        }
    }

    @Test("What can't be the platform's call is refused with its field, and nothing is begun")
    func wrongInput() async throws {
        try await PlatformStage.run { stage in
            let person = try await stage.host.patient()
            let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
            let seen = try stage.host.sandbox.requestCount
            // A settlement that goes by a query's path would need less than it does.
            let hidden = try await stage.server.call(
                stage.device,
                stage.envelope(
                    stage.call(SettlementCancel(setlID: "S", mdtrtID: "V", psnNo: "P")),
                    path: "/fsi/api/fsiPsnInfoService/queryPsnInfo"))
            #expect(hidden.status == 400 && hidden.code == "path_mismatch", "\(hidden.text)")

            let good = String(decoding: try stage.envelope(stage.call(query)).body, as: UTF8.self)
            let other = try MessageID(fixmedinsCode: "H99999999999", second: stage.now / 1000, sequence: 1)
            let wrong: [(from: String, to: String, code: String, field: String?)] = [
                (
                    "H44010000001\",\"fixmedins_name", "H99999999999\",\"fixmedins_name", "malformed_field",
                    "fixmedins_code"
                ),
                ("\"infno\":\"1101\"", "\"infno\":\"11-1\"", "malformed_field", "infno"),
                ("\"infno\":\"1101\",", "", "missing_field", "infno"),
                ("\"opter\":\"2026\"", "\"opter\":\"\"", "missing_field", "opter"),
                ("\"opter_type\":\"1\"", "\"opter_type\":\"1234\"", "field_too_long", "opter_type"),
                ("\"inf_time\":\"20", "\"inf_time\":\"x20", "field_too_long", "inf_time"),
                ("\"input\":{", "\"input\":3,\"more\":{", "malformed_field", "input"),
            ]
            for one in wrong {
                let text = good.replacing(one.from, with: one.to)
                #expect(text != good, "\(one.from) in \(good)")
                let message = stage.message("/fsi/api/fsiPsnInfoService/queryPsnInfo", Array(text.utf8))
                let answer = try await stage.server.call(stage.device, message)
                #expect(answer.status == 400 && answer.code == one.code, "\(one): \(answer.text)")
                #expect(answer["field"]?.string == one.field, "\(one): \(answer.text)")
            }
            var stranger = try stage.envelope(stage.call(Settlement(SettlementRequest())))
            stranger.body = try rename(stranger.body, ["msgid": .string(other.text)])
            let refused = try await stage.server.call(stage.device, stranger)
            #expect(refused.status == 400 && refused["field"]?.string == "msgid", "\(refused.text)")
            #expect(try stage.host.sandbox.requestCount == seen)
            #expect(try await stage.server.count("platform_journal") == 0)
        }
    }

    /// What is wrong with an input whose fields are known.
    private static let incomplete: [(infno: String, input: ExactJSON, code: String, field: String)] = {
        let settlement = Settlement(
            SettlementRequest(
                psnNo: "P", mdtrtCertType: "02", mdtrtCertNo: "C", medType: "11",
                medfeeSumamt: ExactDecimal(cents: 6_666), mdtrtID: "V", chrgBchno: "", acctUsedFlag: "1",
                insutype: "310")
        ).input
        func settling(_ name: String, _ value: ExactJSON?) -> ExactJSON {
            var data = settlement["data"]?.members ?? [:]
            data[name] = value
            return ["data": .object(data)]
        }
        let total = "input.data.medfee_sumamt"
        return [
            ("2207", settling("medfee_sumamt", "abc"), "malformed_number", total),
            ("2207", settling("medfee_sumamt", nil), "missing_field", total),
            ("2304", settling("medfee_sumamt", ""), "missing_field", total),
            ("2206", settling("medfee_sumamt", "1e3"), "malformed_number", total),
            ("2207", settling("medfee_sumamt", "66.666"), "malformed_number", total),
            ("2207", settling("mdtrt_id", .null), "missing_field", "input.data.mdtrt_id"),
            ("2207", settling("insutype", ["310"]), "malformed_field", "input.data.insutype"),
            ("2207", ["data": [["psn_no": "P"]]], "malformed_field", "input.data"),
            ("2207", ["dat": settlement["data"] ?? .null], "missing_field", "input.data"),
            ("2208", ["data": ["mdtrt_id": "V", "psn_no": "P"]], "missing_field", "input.data.setl_id"),
            ("2305", ["data": ["mdtrt_id": "V", "psn_no": "P"]], "missing_field", "input.data.setl_id"),
            ("2401", ["mdtrtinfo": ["psn_no": "P"]], "missing_field", "input.mdtrtinfo.insutype"),
            ("2601", ["data": ["psn_no": "P", "oinfno": "2207"]], "missing_field", "input.data.omsgid"),
            ("2204", ["feedetail": []], "missing_field", "input.feedetail"),
            (
                "2204", ["feedetail": [["feedetl_sn": "F1"]]], "missing_field", "input.feedetail[0].mdtrt_id"
            ),
            ("1101", ["data": ["mdtrt_cert_type": "02"]], "missing_field", "input.data.mdtrt_cert_no"),
        ]
    }()

    @Test("A field that the platform needs is missed here, by either way, and nothing is begun")
    func wrongFields() async throws {
        try await PlatformStage.run { stage in
            let seen = try stage.host.sandbox.requestCount
            for one in Self.incomplete {
                let call = PlatformCall(
                    infno: one.infno, msgid: stage.msgid(), sender: .init(id: "2026", name: "收费员"),
                    insuplcAdmdvs: "440100", input: one.input)
                let bare: ExactJSON = [
                    "msgid": .string(stage.msgid()), "insuplc_admdvs": "440100", "input": one.input,
                ]
                for answer in [try await stage.send(call), try await stage.transact(one.infno, bare)] {
                    #expect(answer.status == 400 && answer.code == one.code, "\(one): \(answer.text)")
                    #expect(answer["field"]?.string == one.field, "\(one): \(answer.text)")
                }
            }
            #expect(try stage.host.sandbox.requestCount == seen)
            #expect(try await stage.server.count("platform_journal") == 0)
        }
    }

    @Test("What isn't known of an input goes on as it is, and so do numbers of a site's own")
    func otherFields() async throws {
        try await PlatformStage.run { stage in
            var call = stage.call(Settlement(try await stage.visit(stage.host.patient())))
            var data = try #require(call.input["data"]?.members)
            data["medfee_sumamt"] = "66.6600"
            data["exp_content"] = ["more": [1, "2", .null]]
            call.input = ["data": .object(data), "agnterinfo": [:]]
            let settled = try await stage.send(call)
            #expect(settled.header("x-hufu-outcome") == "settled", "\(settled.text)")
            // The sandbox reads 2207A as 2207, and misses the field itself.
            let own = try await stage.transact(
                "2207A", ["msgid": .string(stage.msgid()), "input": ["data": ["total": "abc"]]])
            #expect(own.header("x-hufu-outcome") == "refused", "\(own.text)")
            #expect(try PlatformAnswer(fsi: own.bytes).infcode == 1001)
            let unknown = try await stage.transact("9999", ["input": [:]])
            #expect(unknown.status == 200, "\(unknown.text)")
            #expect(try PlatformAnswer(fsi: unknown.bytes).infcode == 1002)
        }
    }

    private func rename(_ body: [UInt8], _ members: [String: ExactJSON]) throws -> [UInt8] {
        let known = try #require(try ExactJSON(parsing: body).members)
        return ExactJSON.object(known.merging(members) { $1 }).text()
    }

    @Test("A transaction without an envelope is refused with the field that is wrong")
    func wrongTransaction() async throws {
        try await PlatformStage.run { stage in
            let seen = try stage.host.sandbox.requestCount
            let input: ExactJSON = ["data": ["setl_id": "S"]]
            let msgid = ExactJSON.string(stage.msgid())
            let wrong: [(infno: String, body: ExactJSON, code: String, field: String)] = [
                ("2208", ["input": input], "missing_field", "msgid"),
                ("2208", ["msgid": "H1", "input": input], "malformed_field", "msgid"),
                ("2208", ["msgid": 5, "input": input], "malformed_field", "msgid"),
                ("2208", ["msgid": msgid], "missing_field", "input"),
                ("2208", ["msgid": msgid, "input": [1]], "missing_field", "input"),
                ("22-8", ["msgid": msgid, "input": input], "malformed_field", "infno"),
                ("22081234567", ["msgid": msgid, "input": input], "malformed_field", "infno"),
                (
                    "2208", ["msgid": msgid, "input": ["data": ["psn_no": "P"]]], "missing_field",
                    "insuplc_admdvs"
                ),
                (
                    "2208", ["msgid": msgid, "opter_type": "1234", "input": input], "field_too_long",
                    "opter_type"
                ),
                (
                    "2208", ["msgid": msgid, "insuplc_admdvs": "4401001", "input": input], "field_too_long",
                    "insuplc_admdvs"
                ),
            ]
            for one in wrong {
                let answer = try await stage.transact(one.infno, one.body)
                #expect(answer.status == 400 && answer.code == one.code, "\(one.field): \(answer.text)")
                #expect(answer["field"]?.string == one.field, "\(answer.text)")
            }
            let card = try await stage.server.call(
                stage.device, stage.device.message("/v3/insured/status?card=1"))
            #expect(card.status == 400 && card["field"]?.string == "cardNo", "\(card.text)")
            let nowhere = try await stage.server.call(stage.device, stage.device.message("/v3/nowhere?a=1"))
            #expect(nowhere.status == 404 && nowhere.code == "no_route")
            #expect(try stage.host.sandbox.requestCount == seen)
            #expect(try await stage.server.count("platform_journal") == 0)
        }
    }

    @Test("A code that grants only to read settles nothing")
    func scope() async throws {
        try await PlatformStage.run(scopes: ["patient.read"]) { stage in
            let person = try await stage.host.patient()
            _ = try await stage.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
            let refused = try await stage.send(
                stage.call(SettlementCancel(setlID: "S", mdtrtID: "V", psnNo: person.psnNo)))
            #expect(refused.status == 403 && refused.code == "scope_not_granted", "\(refused.text)")
            #expect(try await stage.server.count("platform_journal") == 0)
        }
    }

    @Test("Before the login no call leaves; after it they do, also when the platform revokes the token")
    func login() async throws {
        try await PlatformStage.run(needsLogin: true) { stage in
            let person = try await stage.host.patient()
            let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
            let early = try await stage.send(stage.call(query))
            #expect(early.status == 503 && early.code == "no_token", "\(early.text)")
            let money = try await stage.send(
                stage.call(SettlementCancel(setlID: "S", mdtrtID: "V", psnNo: person.psnNo)))
            #expect(money.status == 503 && money.code == "no_token", "\(money.text)")
            #expect(money["outcome"]?.string == "not_carried_out")

            let server = stage.server
            let begun = try await server.expect(200, "POST", "/v1/platform/login", as: .admin, body: [:])
            let back = try await SandboxBrowser.login(at: begun.string("url"), stage.host)
            let standing = try await server.expect(
                200, "POST", "/v1/platform/login/callback", as: .admin, body: back)
            #expect(standing["state"]?.string == "fresh")
            #expect(try await stage.send(stage.call(query)).status == 200)

            try await stage.host.sandbox.revokeTokens()
            // One call learns of it; it was not carried out, and the next one has a new token.
            let learns = try await stage.send(stage.call(query))
            #expect(learns.code == "platform_unauthorized" || learns.status == 200, "\(learns.text)")
            #expect(try await stage.send(stage.call(query)).status == 200)
            let request = try await stage.visit(person)
            #expect(
                try await stage.send(stage.call(Settlement(request))).header("x-hufu-outcome") == "settled")
        }
    }

    @Test("With a user and a password no person logs in, and calls go through from the start")
    func password() async throws {
        try await PlatformStage.run(needsLogin: true) { settings, host in
            let name = try host.sandbox.credentials.userName
            settings["oauth2"]?["grant"] = "password"
            settings["oauth2"]?["user"] = .string(name)
            settings["oauth2"]?["password_file"] = .string(host.addresses.files.loginPassword)
        } _: { stage in
            let person = try await stage.host.patient()
            _ = try await stage.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
            let settled = try await stage.send(stage.call(Settlement(try await stage.visit(person))))
            #expect(settled.header("x-hufu-outcome") == "settled", "\(settled.text)")
            let standing = try await stage.server.expect(200, "GET", "/v1/platform/login", as: .admin)
            #expect(standing["legacy"]?.bool == true && standing["state"]?.string == "fresh")
            let refused = try await stage.server.request(
                "POST", "/v1/platform/login", as: .admin, body: [:])
            #expect(refused.status == 409 && refused.code == "platform_login_not_needed", "\(refused.text)")
        }
    }
}
