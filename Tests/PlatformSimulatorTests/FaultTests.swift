import InsurancePlatform
import NIOCore
import PlatformSimulator
import Testing

@Suite("Faults of the sandbox", .timeLimit(.minutes(10)))
struct FaultTests {
    /// Opens a visit, then sets the faults and settles it.
    private static func settle(
        _ running: RunningSandbox, _ faults: [Fault]
    ) async throws -> (answer: SandboxClient.Answer?, booked: Int) {
        let visit = try await Visit.open(running.client, running.person(1))
        try running.sandbox.setFaults(faults)
        let answer = try? await running.client.post(running.client.call(Settlement(visit.request())))
        return (answer, try await running.sandbox.ledgerSettlements().count)
    }

    @Test("the answer is lost after the commit: it is booked, and 5203 finds it by the msgid")
    func dropAfterCommit() async throws {
        try await RunningSandbox.run { running in
            let client = running.client
            let visit = try await Visit.open(client, running.person(1))
            try running.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2207", count: 1)])
            let call = client.call(Settlement(visit.request()))
            await #expect(throws: (any Error).self) { try await client.post(call) }
            let found = try await client.carry(
                SettlementQuery(psnNo: visit.person.psnNo, mdtrtID: visit.mdtrtID))
            #expect(found.settlement(msgid: call.msgid) != nil)
            // The fault struck its one time: the repetition gets the first answer.
            #expect(try await client.answer(to: call).isSuccess)
            #expect(try await running.sandbox.ledgerSettlements().count == 1)
            #expect(running.sandbox.struckCount(of: .dropAfterCommit) == 1)
        }
    }

    @Test("the connection ends before the commit: nothing is booked")
    func dropBeforeCommit() async throws {
        try await RunningSandbox.run { running in
            let result = try await Self.settle(running, [Fault(.dropBeforeCommit, infno: "2207")])
            #expect(result.answer == nil)
            #expect(result.booked == 0)
        }
    }

    @Test("a 5xx comes before the work or behind it, as the fault says")
    func serverErrors() async throws {
        try await RunningSandbox.run { running in
            let before = try await Self.settle(running, [Fault(.http5xx, callClass: "money", status: 502)])
            #expect(before.answer?.status == 502)
            #expect(before.booked == 0)
            try running.sandbox.setFaults([])
            let after = try await Self.settle(
                running, [Fault(.http5xx, callClass: "money", afterCommit: true)])
            #expect(after.answer?.status == 503)
            #expect(after.booked == 1)
        }
    }

    @Test("half an answer breaks off; what was asked for is booked")
    func halfBody() async throws {
        try await RunningSandbox.run { running in
            let result = try await Self.settle(running, [Fault(.halfBody)])
            #expect(result.answer == nil)
            #expect(result.booked == 1)
        }
    }

    @Test("a request that arrives twice is booked once, and its one answer is the first")
    func duplicate() async throws {
        try await RunningSandbox.run { running in
            let result = try await Self.settle(running, [Fault(.duplicate)])
            let answer = try PlatformAnswer(fsi: try #require(result.answer).body)
            #expect(answer.isSuccess)
            #expect(result.booked == 1)
        }
    }

    @Test("infcode of the other type and output in a string are read as ever")
    func spellings() async throws {
        try await RunningSandbox.run { running in
            let result = try await Self.settle(running, [Fault(.infcodeType), Fault(.outputString)])
            let body = try #require(result.answer)
            #expect(body.json?["infcode"] == .string("0"))
            guard case .string = body.json?["output"] else {
                Issue.record("the output is no string")
                return
            }
            let answer = try PlatformAnswer(fsi: body.body).content(of: Settlement.self)
            #expect(!answer.info.setlID.isEmpty)
        }
    }

    @Test("a delay holds the answer back; the work is done before")
    func delay() async throws {
        try await RunningSandbox.run { running in
            let start = ContinuousClock.now
            let result = try await Self.settle(running, [Fault(.delay, infno: "2207", milliseconds: 300)])
            #expect(result.answer?.status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
        }
    }

    @Test("a revoked token refuses the call that it strikes and every one after")
    func tokenRevoked() async throws {
        try await RunningSandbox.run { running in
            let result = try await Self.settle(running, [Fault(.tokenRevoked, count: 1)])
            #expect(result.answer?.status == 401)
            #expect(result.booked == 0)
            let query = running.client.call(PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"))
            #expect(try await running.client.post(query).status == 401)
        }
    }

    @Test("a storm is a share of 5xx for its time")
    func storm() async throws {
        let clock = TestClock()
        try await RunningSandbox.run {
            $0.clock = clock.milliseconds
        } scenario: { running in
            try running.sandbox.setFaults([Fault(.storm, probability: 0.5, seconds: 30)])
            let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
            func failures() async throws -> Int {
                var failures = 0
                for _ in 0..<40 {
                    let answer = try await running.client.post(running.client.call(query))
                    if answer.status == 503 { failures += 1 }
                }
                return failures
            }
            #expect((8...32).contains(try await failures()))
            clock.advance(by: 31_000)
            #expect(try await failures() == 0)
        }
    }

    @Test("the same seed strikes the same calls; another strikes others")
    func seeded() async throws {
        func strikes(_ seed: UInt64) async throws -> [Int] {
            var statuses: [Int] = []
            try await RunningSandbox.run {
                $0.seed = seed
                $0.faults = [Fault(.http5xx, probability: 0.4)]
            } scenario: { running in
                let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
                for _ in 0..<24 {
                    statuses.append(try await running.client.post(running.client.call(query)).status)
                }
            }
            return statuses
        }
        let first = try await strikes(7)
        #expect(try await strikes(7) == first)
        #expect(try await strikes(8) != first)
    }

    @Test("a certificate of a stranger is refused by the client, and its swap back is taken")
    func certificateSwap() async throws {
        try await RunningSandbox.run { running in
            let query = running.client.call(PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"))
            for choice in ["stranger", "expired", "wrong_name"] {
                try running.sandbox.setFaults([Fault(.certificateSwap, certificate: choice)])
                let fresh = try running.http(withCertificate: true, patience: .milliseconds(500))
                let message = try running.client.signed(
                    running.client.site.url(infno: "1101"),
                    body: FsiEnvelope.encode(query, site: running.client.site, now: running.client.now))
                let error = await #expect(throws: (any Error).self, "\(choice)") {
                    try await running.client.send(message, over: fresh)
                }
                #expect("\(String(describing: error))".lowercased().contains("certificate"))
            }
            try running.sandbox.setFaults([])
            let fresh = try running.http(withCertificate: true)
            let message = try running.client.signed(
                running.client.site.url(infno: "1101"),
                body: FsiEnvelope.encode(query, site: running.client.site, now: running.client.now))
            #expect(try await running.client.send(message, over: fresh).status == 200)
            #expect(running.sandbox.traffic().contains { $0.face == "tls" })
        }
    }

    @Test("with a skewed clock signatures are out of their time, and the traffic says so")
    func clockSkew() async throws {
        try await RunningSandbox.run { running in
            try running.sandbox.setFaults([Fault(.clockSkew, milliseconds: -400_000)])
            let query = PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001")
            let answer = try await running.client.post(running.client.call(query))
            #expect(answer.status == 403)
            #expect(answer.json?["code"]?.string == "timestamp_in_future")
            let record = try #require(running.sandbox.traffic().last)
            #expect(record.checks.contains { $0.name == "signature" && $0.outcome == .failed })
            #expect(record.explanation != nil)
            try running.sandbox.setFaults([])
            #expect(try await running.client.carry(query).base.psnName == "张三丰")
        }
    }
}
