import HTTPTypes
import RequestSigning
import Testing

@Suite("Time and replay")
struct FreshnessTests {
    @Test("The window's edges are in it, one second further isn't", arguments: Profile.all)
    func window(_ profile: Profile) throws {
        let key = try SampleRequests.key(for: profile)
        let verifier = RequestVerifier(profile)
        let presented = try verifier.read(SampleRequests.signed(profile, key))
        let window = Int64(profile.window) * 1000
        #expect(profile.window == (profile == .tif ? 180 : 300))
        #expect(profile.nonceLifetime == 600)
        func code(_ offset: Int64) -> SigningRefusal.Code? {
            refusal { try verifier.checkTime(presented, now: SampleRequests.now + offset) }
        }
        #expect(code(window) == nil && code(-window) == nil)
        // A time in seconds stands for its whole second.
        let last: Int64 = presented.isWholeSeconds ? 999 : 0
        #expect(code(window + last) == nil)
        #expect(code(window + last + 1) == .timestampTooOld)
        #expect(code(-window - 1) == .timestampInFuture)
        let (least, greatest) = (Int64.min, Int64.max)
        #expect(refusal { try verifier.checkTime(presented, now: greatest) } == .timestampTooOld)
        #expect(refusal { try verifier.checkTime(presented, now: least) } == .timestampInFuture)
    }

    @Test("The token of a replay is the nonce")
    func tokens() throws {
        for profile in Profile.all where profile.hasNonce {
            let signed = try SampleRequests.signed(profile, SampleRequests.key(for: profile))
            let verifier = RequestVerifier(profile)
            let token = try verifier.replayToken(of: verifier.read(signed), in: signed)
            #expect(token == Array(SampleRequests.nonce.utf8))
        }
    }

    @Test("What a csb signature leaves out makes no second call of it")
    func unsignedParts() throws {
        let key = try SampleRequests.key(for: .csb)
        var message = try SampleRequests.signed(.csb, key)
        message.head.path = "/fsi/query?cardNo=6222%2B0201&name=%E5%BC%A0"
        let first = try RequestSigner(.csb, key: key).sign(message, at: SampleRequests.now)
        let verifier = RequestVerifier(.csb)
        func token(_ message: HTTPMessage) throws -> [UInt8] {
            _ = try verifier.verify(message, now: SampleRequests.now, key: key.verificationKey)
            return try verifier.replayToken(of: verifier.read(message), in: message)
        }
        var others = [first, first, first, first, first]
        others[0].head.method = .put
        others[1].head.path = "/fsi/other?cardNo=6222%2B0201&name=%E5%BC%A0"
        others[2].head.path = "/fsi/query?name=%E5%BC%A0&cardNo=6222%2B0201"
        others[3].head.path = "/fsi/query?%63ardNo=6222%2b0201&name=%E5%BC%A0&"
        others[4].body = Array(#"{"amount":1}"#.utf8)
        for other in others { #expect(try token(other) == token(first)) }
        let later = try RequestSigner(.csb, key: key).sign(message, at: SampleRequests.now + 1)
        #expect(try token(later) != token(first))
    }

    @Test("A client's csb calls of one moment are signed at times of their own, close to it")
    func distinctTimes() throws {
        let signer = RequestSigner(.csb, key: try SampleRequests.key(for: .csb))
        let times = SigningTimes()
        let now = SampleRequests.now
        #expect((0..<3).map { _ in times.next(now, for: signer) } == [now, now + 1, now + 2])
        #expect(times.next(now + 1, for: signer) == now + 3)
        #expect(times.next(now + 500, for: signer) == now + 500)
        // A clock that was set back is followed, and one that stands doesn't lead beyond a second.
        #expect(times.next(now - 60_000, for: signer) == now - 60_000)
        #expect((0..<5000).map { _ in times.next(now, for: signer) }.max() == now + 1000)
        let seconds = RequestSigner(
            .csb, key: signer.key, options: SigningOptions(resolution: .seconds))
        let other = RequestSigner(.tif, key: try SampleRequests.key(for: .tif))
        for signer in [seconds, other] { #expect(times.next(now, for: signer) == now) }
        #expect(times.next(.min, for: signer) == .min && times.next(.max, for: signer) == .max)
    }

    @Test(
        "An envelope that is spelled otherwise is still the same call", arguments: [Profile.envelope, .fsiSM])
    func respelled(_ profile: Profile) throws {
        let key = try SampleRequests.key(for: profile)
        let first = try SampleRequests.signed(profile, key)
        var other = HTTPMessage(first.head, body: [0x20] + first.body)
        other.head.path = "/elsewhere?x=1"
        let verifier = RequestVerifier(profile)
        _ = try verifier.verify(other, now: SampleRequests.now, key: key.verificationKey)
        let token = try verifier.replayToken(of: verifier.read(first), in: first)
        #expect(try verifier.replayToken(of: verifier.read(other), in: other) == token)
        let second = try SampleRequests.signed(profile, key)
        #expect(try verifier.replayToken(of: verifier.read(second), in: second) != token)
    }

    @Test("A verified call is admitted once")
    func admission() throws {
        let key = try SampleRequests.key(for: .gm)
        let signed = try SampleRequests.signed(.gm, key)
        let verifier = RequestVerifier(.gm)
        let call = try verifier.verify(signed, now: SampleRequests.now, key: key.verificationKey)
        let token = verifier.replayToken(of: try verifier.read(signed), in: signed)
        let window = NonceWindow(key: .random(), knownSince: SampleRequests.seconds - 1)
        #expect(window.admit(call, token: token, now: SampleRequests.now) == .admitted)
        #expect(window.admit(call, token: token, now: SampleRequests.now + 300_000) == .replayed)
    }

    @Test("Fresh nonces are of the alphabet, all of it, and differ")
    func nonces() throws {
        var bytes = SeededBytes(seed: 4)
        var seen: Set<String> = []
        var symbols: Set<Character> = []
        for _ in 0..<1000 {
            let nonce = Nonce.fresh(using: &bytes)
            try Nonce.check(nonce)
            #expect(nonce.count == 24)
            symbols.formUnion(nonce)
            seen.insert(nonce)
        }
        #expect(seen.count == 1000 && symbols.count == 64)
        try Nonce.check(Nonce.fresh())
        #expect(Nonce.fresh() != Nonce.fresh())
    }
}

@Suite("The server's clock")
struct ClockOffsetTests {
    private static let stamp: Int64 = 1_700_000_000_000
    private static let date = "Tue, 14 Nov 2023 22:13:20 GMT"

    @Test("Offsets within the date's second and the journey are no offsets")
    func confirmed() {
        var clock = ClockOffset()
        for (sent, received) in [(0, 0), (999, 999), (-5000, 3000), (-200, -100 + 100), (0, 1500)]
            as [(Int64, Int64)]
        {
            #expect(
                clock.learn(date: Self.date, sent: Self.stamp + sent, received: Self.stamp + received)
                    == .confirmed)
        }
        #expect(clock.milliseconds == 0)
    }

    @Test("A clock that is off is corrected, and then confirmed")
    func corrected() {
        for offset in [-890_000, -301_000, 2_000, 301_000, 890_000] as [Int64] {
            var clock = ClockOffset()
            let sent = Self.stamp - offset + 200
            let lesson = clock.learn(date: Self.date, sent: sent, received: sent + 100)
            #expect(lesson == .corrected(clock.milliseconds))
            #expect(abs(clock.milliseconds - offset) <= 700)
            #expect(abs(clock.serverTime(at: sent) - Self.stamp) <= 1000)
            #expect(clock.learn(date: Self.date, sent: sent, received: sent + 100) == .confirmed)
        }
    }

    @Test("Beyond 15 minutes the clock isn't corrected, and says so")
    func bound() {
        var clock = ClockOffset()
        for offset in [-901_000, 901_000, 86_400_000] as [Int64] {
            let sent = Self.stamp - offset
            guard case .beyondBound(let found) = clock.learn(date: Self.date, sent: sent, received: sent)
            else {
                Issue.record("corrected by \(offset)")
                continue
            }
            #expect(abs(found - offset) <= 500)
        }
        #expect(clock.milliseconds == 0)
    }

    @Test("What can't be read teaches nothing")
    func unreadable() {
        var clock = ClockOffset()
        let now = Self.stamp - 500_000
        #expect(clock.learn(date: "now", sent: now, received: now) == .unreadable)
        #expect(clock.learn(date: Self.date, sent: now, received: now - 1) == .unreadable)
        #expect(clock.learn(date: Self.date, sent: .min, received: .max) == .unreadable)
        #expect(clock.learn(date: Self.date, sent: 0, received: .max) == .unreadable)
        #expect(clock.serverTime(at: .max) == .max && clock.milliseconds == 0)
    }
}
