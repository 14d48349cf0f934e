import AsyncHTTPClient
import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import InsurancePlatform
import NIOCore
import NIOHTTP1
import PlatformSimulator
import RequestSigning
import Storage
import Testing

@Suite("The platform in trouble", .timeLimit(.minutes(10)))
struct PlatformTroubleTests {
    @Test("A lost answer is told as unknown, resolved, and its call never sent twice")
    func lostAnswer() async throws {
        try await PlatformStage.run { stage in
            let request = try await stage.visit(stage.host.patient())
            let call = stage.call(Settlement(request))
            try stage.host.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2207", count: 1)])
            let lost = try await stage.send(call)
            #expect(lost.status == 202 && lost["outcome"]?.string == "unknown", "\(lost.text)")
            let link = try #require(lost.header("location"))
            #expect(link == "/v1/settlements/\(call.msgid)" && lost["link"]?.string == link)
            #expect(lost.header("x-hufu-outcome") == "unknown")

            var changed = request
            changed.medfeeSumamt += ExactDecimal(units: 1, scale: 2)
            let other = try await stage.send(stage.call(Settlement(changed), msgid: call.msgid))
            #expect(other.status == 409 && other.code == "msgid_reused", "\(other.text)")
            #expect([200, 202].contains(try await stage.send(call).status))

            let settled = try await stage.resolved(link)
            #expect(settled["outcome"]?.string == "settled", "\(settled.text)")
            let again = try await stage.send(call)
            #expect(again.status == 200 && again.header("x-hufu-outcome") == "settled", "\(again.text)")
            #expect(try stage.host.arrivals(msgid: call.msgid) == 1)
            #expect(try await stage.host.settlements(msgid: call.msgid) == 1)
        }
    }

    @Test("Who signs out before a lost answer is found is not asked for under the ended sign-in")
    func signedOut() async throws {
        try await PlatformStage.run { stage in
            var call = stage.call(Settlement(try await stage.visit(stage.host.patient())))
            let signNo = try await stage.carry(SignIn(opterNo: call.sender.id, mac: "", ip: "")).signNo
            call.signNo = signNo
            // Nobody looks before the operator is gone.
            let faults = [
                Fault(.dropAfterCommit, infno: "2207", count: 1), Fault(.dropBeforeCommit, infno: "5203"),
            ]
            try stage.host.sandbox.setFaults(faults)
            #expect(try await stage.send(call).status == 202)
            _ = try await stage.carry(SignOut(signNo: signNo, opterNo: call.sender.id))
            try stage.host.sandbox.setFaults([])
            let settled = try await stage.resolved("/v1/settlements/\(call.msgid)")
            #expect(settled["outcome"]?.string == "settled", "\(settled.text)")
            let looks = try stage.host.sandbox.traffic().filter { $0.infno == "5203" && $0.faults.isEmpty }
            #expect(!looks.isEmpty && looks.allSatisfy { $0.infcode == 0 }, "\(looks.map(\.infcode))")
        }
    }

    @Test("With an Idempotency-Key a retry under a new msgid is the same settlement")
    func idempotencyKey() async throws {
        try await PlatformStage.run { stage in
            let person = try await stage.host.patient()
            let request = try await stage.visit(person)
            let first = stage.call(Settlement(request))
            let key = ["Idempotency-Key": "till-7-receipt-12"]
            try stage.host.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2207", count: 1)])
            #expect(try await stage.send(first, headers: key).status == 202)
            let second = stage.call(Settlement(request))
            let retried = try await stage.send(second, headers: key)
            let link = try #require(retried.header("location"))
            #expect(link == "/v1/settlements/\(first.msgid)", "\(retried.text)")
            #expect(try await stage.resolved(link)["outcome"]?.string == "settled")
            let replayed = try await stage.send(stage.call(Settlement(request)), headers: key)
            #expect(replayed.status == 200 && replayed.header("x-hufu-msgid") == first.msgid)
            let elsewhere = try await stage.visit(person)
            let reused = try await stage.send(stage.call(Settlement(elsewhere)), headers: key)
            #expect(reused.status == 422 && reused.code == "idempotency_key_reused", "\(reused.text)")
            let malformed = try await stage.send(
                stage.call(Settlement(elsewhere)), headers: ["Idempotency-Key": "a b"])
            #expect(malformed.status == 400, "\(malformed.text)")
            #expect(try stage.host.arrivals(msgid: second.msgid) == 0)
            let booked = try await stage.host.sandbox.ledgerSettlements()
            #expect(booked.count { $0.mdtrtID == request.mdtrtID } == 1)
        }
    }

    @Test("What the platform refuses, and how it spells its answers, passes through")
    func spellings() async throws {
        try await PlatformStage.run { stage in
            let person = try await stage.host.patient()
            let nobody = try await stage.send(
                stage.call(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: "999999190001010019")))
            let answer = try PlatformAnswer(fsi: nobody.bytes)
            #expect(nobody.status == 200 && !answer.isSuccess && answer.message?.isEmpty == false)
            let request = try await stage.visit(person)
            var unknown = request
            unknown.mdtrtID = "V-NOBODY"
            let refused = try await stage.send(stage.call(Settlement(unknown)))
            #expect(refused.status == 200 && refused.header("x-hufu-outcome") == "refused", "\(refused.text)")
            #expect(try PlatformAnswer(fsi: refused.bytes).infcode != 0)

            try stage.host.sandbox.setFaults([Fault(.infcodeType), Fault(.outputString)])
            let found = try await stage.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
            #expect(found.base.psnNo == person.psnNo)
            let settled = try await stage.send(stage.call(Settlement(request)))
            #expect(settled.header("x-hufu-outcome") == "settled", "\(settled.text)")
            #expect(try stage.host.sandbox.struckCount(of: .outputString) == 2)
        }
    }

    @Test("A platform that is down is told at once, stops being asked, and is used again when it is back")
    func down() async throws {
        try await PlatformStage.run { stage in
            let person = try await stage.host.patient()
            let query = PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo)
            let request = try await stage.visit(person)
            #expect(try await stage.send(stage.call(query)).status == 200)
            try await stage.host.takeDown()
            let first = try await stage.send(stage.call(query))
            #expect(first.status == 502, "\(first.text)")
            let money = stage.call(Settlement(request))
            let unsent = try await stage.send(money)
            #expect([202, 503].contains(unsent.status), "\(unsent.text)")
            var codes: [String] = []
            for _ in 0..<12 where codes.last != "circuit_open" {
                let answer = try await stage.send(stage.call(query))
                codes.append(answer.code ?? "")
                if answer.code == "circuit_open" {
                    #expect(answer.status == 503 && answer.header("retry-after") != nil)
                }
            }
            #expect(
                codes.last == "circuit_open"
                    && Set(codes).isSubset(of: ["unreachable", "connection_lost", "circuit_open"]))
            let metrics = try await stage.server.expect(200, "GET", "/metrics").text
            #expect(metrics.contains(#"hufu_platform_circuit_open{class="query"} 1"#))

            try await stage.host.bringBack()
            stage.server.clock.advance(seconds: 31)
            for _ in 0..<3 { #expect(try await stage.send(stage.call(query)).status == 200) }
            // The same call, whose first try reached nobody.
            let settled = try await stage.send(money)
            if settled.status == 202 {
                #expect(
                    try await stage.resolved("/v1/settlements/\(money.msgid)")["outcome"]?.string != "settled"
                )
            } else {
                #expect(settled.header("x-hufu-outcome") == "settled", "\(settled.text)")
            }
        }
    }

    @Test("After a restart under a clock that was set back, identifiers go on behind the journal's last")
    func clockSetBack() async throws {
        let second = Server.systemClock() / 1_000_000_000 + 3_600
        let reversal = try MessageID(fixmedinsCode: "H44010000001", second: second, sequence: 5_003)
        try await PlatformStage.run(prepare: { store in
            var entry = JournalEntry(
                msgid: "M1", infno: "2207", fixmedinsCode: "H44010000001", institution: "i",
                date: "2026-11-20", at: 1)
            try entry.take(.lost, at: 1)
            try entry.beginReversal(msgid: reversal.text, at: 1)
            try entry.learnReversal(.success(PlatformAnswer(infcode: 0, refMessageID: "")), at: 1)
            let stored = StoredSettlement(
                entry: entry, key: nil, digest: Data(repeating: 1, count: 32), details: Data([1]))
            try await store.write { try $0.insert(stored) }
        }) { stage in
            let card = try await stage.host.patient().cardNo
            let message = stage.device.message("/v3/insured/status?cardNo=\(card)")
            let answer = try await stage.server.call(stage.device, message)
            let given = try #require(answer.header("x-hufu-msgid").flatMap { MessageID($0) })
            #expect(given.text > reversal.text && given.sequence > 5_003 && given.second == second)
        }
    }

    @Test("A call in chunks goes by the router, and its answer says the same")
    func chunked() async throws {
        try await PlatformStage.run { stage in
            let call = stage.call(Settlement(try await stage.visit(stage.host.patient())))
            let signed = try stage.device.signed(stage.envelope(call), at: stage.now)
            var request = HTTPClientRequest(
                url: "http://127.0.0.1:\(stage.server.port)\(signed.head.path ?? "")")
            request.method = .POST
            for field in signed.head.headerFields {
                request.headers.add(name: field.name.rawName, value: field.value)
            }
            request.headers.replaceOrAdd(name: "Host", value: "127.0.0.1")
            let parts = AsyncStream<ByteBuffer> { stream in
                for half in [signed.body.prefix(100), signed.body.dropFirst(100)] {
                    stream.yield(ByteBuffer(bytes: half))
                }
                stream.finish()
            }
            request.body = .stream(parts, length: .unknown)
            let response = try await RunningServer.client.execute(request, timeout: .seconds(30))
            #expect(response.status == .ok)
            #expect(response.headers.first(name: "Location") == "/v1/settlements/\(call.msgid)")
            #expect(response.headers.first(name: "X-Hufu-Outcome") == "settled")
            #expect(response.headers["Content-Type"] == ["application/json"])
            let body = try await response.body.collect(upTo: 1 << 20)
            #expect(try PlatformAnswer(fsi: Array(body.readableBytesView)).isSuccess)
        }
    }
}
