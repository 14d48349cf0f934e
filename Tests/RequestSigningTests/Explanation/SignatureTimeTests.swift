import HTTPTypes
import RequestSigning
import Testing

@Suite("Why a signature failed: time and nonce (1–9, 12)")
struct SignatureTimeTests {
    private let client = Client(version: "v3.2.0")
    private let received = Client.received

    private func expect(
        _ mistake: SignatureMistake, _ code: SigningRefusal.Code,
        _ certainty: SignatureFinding.Certainty = .proven,
        in explanation: SignatureExplanation, _ place: SourceLocation = #_sourceLocation
    ) {
        #expect(explanation.verdict == .refused, sourceLocation: place)
        #expect(explanation.refusal?.code == code, sourceLocation: place)
        #expect(explanation.findings.first?.mistake == mistake, sourceLocation: place)
        #expect(explanation.findings.first?.certainty == certainty, sourceLocation: place)
    }

    @Test("A right call is accepted, with nothing found", arguments: ["v3.2.0", "v3.2.1", "v3.3.0", "gm"])
    func right(version: String) throws {
        let client = Client(version: version)
        let explanation = try client.explain(client.rightCall()) { $0.noncesKnownSince = 1_699_999_999_000 }
        #expect(explanation.verdict == .accepted)
        #expect(explanation.findings.isEmpty && explanation.refusal == nil)
        #expect(explanation.steps.allSatisfy { $0.outcome == .passed })
        #expect(explanation.profileID == version && explanation.keyID == "device-7")
    }

    @Test("(1) A slow clock")
    func slow() throws {
        var slow = client
        slow.time = "\(1_700_000_000 - 400)"
        let call = try slow.rightCall()
        let explanation = try slow.explain(call)
        expect(.slowClock, .timestampTooOld, .likely, in: explanation)
        #expect(explanation.findings.map(\.mistake) == [.slowClock, .queued])
        #expect(explanation.findings.first?.detail.english.contains("402 s behind") == true)
        expect(.slowClock, .timestampTooOld, in: try slow.explain(call) { $0.sentAt = 1_699_999_601_000 })
        expect(.slowClock, .timestampTooOld, in: try slow.explain(call) { $0.signedAt = received - 1000 })
        expect(.slowClock, .timestampTooOld, in: try slow.explain(call) { $0.clockOffset = -401_000 })
        slow.time = "\(1_700_000_000 - 8 * 3600)"
        let zone = try slow.explain(slow.rightCall())
        expect(.slowClock, .timestampTooOld, .likely, in: zone)
        #expect(zone.findings.first?.detail.english.contains("8 whole hours") == true)
    }

    @Test("(5) Signed, then queued too long; the request's own Date, a HAR file or a good clock tells")
    func queued() throws {
        // The client signs at once and sends 400 s later, with a Date of that moment.
        var call = try client.rightCall()
        let arrival = received + 400_000
        call.head.headerFields[.date] = "Tue, 14 Nov 2023 22:20:00 GMT"
        let text =
            "POST /v3/claims HTTP/1.1\r\nHost: gw.example\r\n"
            + call.head.headerFields.map { "\($0.name): \($0.value)\r\n" }.joined() + "\r\n"
        let saved = try SavedRequest(http1: Array(text.utf8) + call.body)
        #expect(saved.sentAt == 1_700_000_400_000)
        let facts: [(inout SignatureEvidence) -> Void] = [
            { $0.sentAt = saved.sentAt }, { $0.signedAt = 1_700_000_000_000 }, { $0.clockOffset = 0 },
        ]
        for fact in facts {
            let explanation = try client.explain(saved.message) {
                $0.receivedAt = arrival
                fact(&$0)
            }
            expect(.queued, .timestampTooOld, in: explanation)
            #expect(explanation.findings.count == 1)
        }
    }

    @Test("(2) Milliseconds for seconds")
    func milliseconds() throws {
        var wrong = client
        wrong.time = "1700000000123"
        let explanation = try wrong.explain(wrong.rightCall())
        expect(.milliseconds, .timestampInMilliseconds, in: explanation)
        #expect(explanation.findings.count == 1)
        // Seconds in the field, milliseconds in the signed text.
        let call = client.message(
            .post, "/", Array("{}".utf8),
            signature: base64(try client.signature(Array("1700000000000|\(client.nonce)|{}".utf8))))
        expect(.milliseconds, .signatureMismatch, in: try client.explain(call))
        for digits in ["1700000000123456", "1700000000123456789"] {
            wrong.time = digits
            expect(.milliseconds, .timestampNotANumber, in: try wrong.explain(wrong.rightCall()))
        }
    }

    @Test(
        "(3) No time, or none that is a number",
        arguments: [
            "", "yesterday", "2023-11-14T22:13:20Z", "1700000000.5", "-1", "0x6554", "１７００００００００", "1e9",
        ])
    func unreadable(time: String) throws {
        var wrong = client
        wrong.time = time
        var call = try wrong.rightCall()
        if time.isEmpty { call.head.headerFields[.named("X-Timestamp")] = nil }
        expect(
            .unreadableTime, time.isEmpty ? .timestampMissing : .timestampNotANumber,
            in: try wrong.explain(call))
    }

    @Test("(4) Exactly on the window's edge, both ways, is accepted and remarked on", arguments: [-300, 300])
    func edge(offset: Int64) throws {
        let call = try client.rightCall()
        let explanation = try client.explain(call) { $0.receivedAt = 1_700_000_000_000 + offset * 1000 }
        #expect(explanation.verdict == .accepted)
        #expect(explanation.findings.map(\.mistake) == [.windowEdge])
        let beyond = try client.explain(call) {
            $0.receivedAt = 1_700_000_000_000 + (offset + offset.signum()) * 1000
        }
        #expect(beyond.verdict == .refused)
        #expect(beyond.findings.first?.mistake == (offset > 0 ? .slowClock : .fastClock))
        let inside = try client.explain(call) {
            $0.receivedAt = 1_700_000_000_000 + (offset - offset.signum()) * 1000
        }
        #expect(inside.findings.isEmpty)
    }

    @Test("(7) A clock fast by 302 s with a window of 300 s")
    func fast() throws {
        var fast = client
        fast.time = "\(1_700_000_000 + 304)"
        let explanation = try fast.explain(fast.rightCall())
        expect(.fastClock, .timestampInFuture, in: explanation)
        #expect(explanation.findings.first?.detail.english.contains("302 s ahead") == true)
    }

    @Test("(6) A nonce replayed in the window")
    func replayed() throws {
        let window = NonceWindow(key: .random(), knownSince: 0)
        let call = try client.rightCall()
        let verifier = RequestVerifier(.v320)
        var explanations: [SignatureExplanation] = []
        for _ in 0..<2 {
            let verified = try verifier.verify(call, now: received, key: client.verificationKey)
            let token = verifier.replayToken(of: try verifier.read(call), in: call)
            let admission = window.admit(verified, token: token, now: received)
            explanations.append(
                try client.explain(call) {
                    $0.earlierUse = admission == .replayed ? .sameProcess : nil
                    $0.noncesKnownSince = 0
                })
        }
        #expect(explanations[0].verdict == .accepted)
        expect(.replayedNonce, .nonceReplayed, in: explanations[1])
        let told = try client.explain(call) { $0.refusal = SigningRefusal(.nonceReplayed) }
        expect(.replayedNonce, .nonceReplayed, in: told)
    }

    @Test("(9) A nonce replayed across a restart or at another replica")
    func replayedElsewhere() throws {
        let call = try client.rightCall()
        // A process that began after the request was stamped can't know.
        let window = NonceWindow(key: .random(), knownSince: 1_700_000_001)
        let verifier = RequestVerifier(.v320)
        let verified = try verifier.verify(call, now: received, key: client.verificationKey)
        let refusal = window.admit(verified, token: Array(client.nonce.utf8), now: received).refusal
        #expect(refusal?.code == .retryWithNewTimestamp)
        expect(
            .nonceUsedElsewhere, .retryWithNewTimestamp, in: try client.explain(call) { $0.refusal = refusal }
        )
        expect(
            .nonceUsedElsewhere, .retryWithNewTimestamp,
            in: try client.explain(call) { $0.noncesKnownSince = 1_700_000_001_000 })
        for use in [SignatureEvidence.EarlierUse.beforeRestart, .anotherReplica] {
            expect(.nonceUsedElsewhere, .nonceReplayed, in: try client.explain(call) { $0.earlierUse = use })
        }
    }

    @Test(
        "(8) A nonce too short, too long or badly drawn",
        arguments: [
            "abc", "123456789012345", String(repeating: "a", count: 65), "abcdefgh+jklmnop",
            "abcdefgh%4zijklmn", "0.7345023498234987",
            "{3f2504e0-4f89-11d3-9a0c}", "随机数随机数随机数随机数随机数随机",
        ])
    func badNonce(nonce: String) throws {
        var wrong = client
        wrong.nonce = nonce
        let explanation = try wrong.explain(wrong.rightCall())
        expect(.badNonce, .nonceMalformed, in: explanation)
        #expect(explanation.findings.count == 1)
        wrong.nonce = ""
        var call = try wrong.rightCall()
        call.head.headerFields[.named("X-Nonce")] = nil
        expect(.badNonce, .nonceMissing, in: try wrong.explain(call))
    }

    @Test(
        "(12) A nonce that a box on the way decoded or encoded",
        arguments: [
            ("ab+def/hijklmnopqrst==", "ab def/hijklmnopqrst=="),
            ("abc%2Bdefghijklmnop", "abc+defghijklmnop"),
            ("abcdefgh+jklmnop", "abcdefgh%2Bjklmnop"), ("abcdefghijklmnop+", "abcdefghijklmnop"),
            ("+bcdefghijklmnopq", "bcdefghijklmnopq"), ("abc defghijklmnop", "abc%20defghijklmnop"),
            ("abc defghijklmnop", "abc+defghijklmnop"), ("abc+defghijklmnop", "abc%252Bdefghijklmnop"),
            ("abc%2bdefghijklmnop", "abc+defghijklmnop"), ("abcdefghijklmnop++", "abcdefghijklmnop"),
        ])
    func decoded(drawn: String, arrived: String) throws {
        var wrong = client
        wrong.nonce = drawn
        var call = try wrong.rightCall()
        call.head.headerFields[.named("X-Nonce")] = arrived
        let explanation = try wrong.explain(call)
        #expect(explanation.verdict == .refused)
        #expect(explanation.findings.first?.mistake == .decodedNonce)
        #expect(explanation.findings.first?.certainty == .proven)
        #expect(!explanation.findings.contains { $0.mistake == .badNonce })
    }

    @Test("Without the key a nonce with a space or %XX is suspected to have been decoded")
    func suspected() throws {
        var call = try client.rightCall()
        for (nonce, mistake) in [
            ("ab def/hijklmnopqrst", SignatureMistake.decodedNonce), ("abcdefgh%2Bjklmnop", .decodedNonce),
            ("abc", .badNonce),
        ] {
            call.head.headerFields[.named("X-Nonce")] = nonce
            let explanation = try client.explain(call) { $0.key = nil }
            #expect(explanation.findings.first?.mistake == mistake)
            #expect(explanation.refusal?.code == .nonceMalformed)
        }
    }
}
