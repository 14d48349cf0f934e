import RequestSigning
import Testing

@Suite("Nonces are used once", .timeLimit(.minutes(10)))
struct NonceWindowTests {
    private static let start = SampleRequests.seconds
    private static let key = NonceWindow.Key(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

    private static func window(
        lifetime: Int = 600, callsPerSecond: Int = 100, knownSince: Int64 = start - 1
    ) -> NonceWindow {
        NonceWindow(key: key, knownSince: knownSince, lifetime: lifetime, callsPerSecond: callsPerSecond)
    }

    private static func admit(
        _ window: NonceWindow, _ nonce: String, keyID: String = "k", at seconds: Int64 = start,
        stamped: Int64 = start, lifetime: Int = 600
    ) -> NonceWindow.Admission {
        window.admit(
            keyID: keyID, token: Array(nonce.utf8), stamped: stamped * 1000, nonceLifetime: lifetime,
            now: seconds * 1000)
    }

    @Test("Of 10,000 racing calls with 100 nonces, each used 100 times, exactly 100 are admitted")
    func race() async {
        for _ in 0..<5 {
            let window = Self.window()
            let admitted = await withTaskGroup(of: [Int].self) { group in
                for task in 0..<100 {
                    group.addTask {
                        (0..<100).filter {
                            Self.admit(window, "nonce-\(($0 &* 7 &+ task) % 100)") == .admitted
                        }
                        .map { ($0 &* 7 &+ task) % 100 }
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            #expect(admitted.count == 100)
            #expect(Set(admitted).count == 100)
            #expect(window.count == 100)
        }
    }

    @Test("A nonce belongs to its key, and an id can't run into a nonce")
    func keys() {
        let window = Self.window()
        #expect(Self.admit(window, "a", keyID: "k") == .admitted)
        #expect(Self.admit(window, "a", keyID: "l") == .admitted)
        #expect(Self.admit(window, "a", keyID: "k") == .replayed)
        #expect(
            window.fingerprint(keyID: "ab", token: [99]) != window.fingerprint(keyID: "a", token: [98, 99]))
    }

    @Test("A nonce stays used through its last second, and is forgotten within a minute")
    func lifetime() {
        for offset in 0..<61 as Range<Int64> {
            let window = Self.window()
            let start = Self.start + offset
            #expect(Self.admit(window, "a", at: start) == .admitted)
            #expect(Self.admit(window, "a", at: start + 600, stamped: start + 300) == .replayed)
            #expect(Self.admit(window, "b", at: start + 660) == .admitted)
            #expect(Self.admit(window, "a", at: start + 660) == .admitted)
            #expect(window.count == 2)
        }
    }

    @Test("A window takes as many nonces as its rate and lifetime need, and then no more")
    func capacity() {
        let window = Self.window(lifetime: 60, callsPerSecond: 20)
        #expect(window.capacity == 2400)
        var admissions: [NonceWindow.Admission: Int] = [:]
        for number in 0..<20_000 {
            admissions[Self.admit(window, "\(number)", lifetime: 60), default: 0] += 1
        }
        #expect(admissions[.admitted] ?? 0 >= 2400)
        #expect(admissions[.full] ?? 0 > 10_000)
        #expect(admissions[.replayed] == nil)
        #expect(Self.admit(window, "later", at: Self.start + 121, lifetime: 60) == .admitted)
        let held = window.count
        for number in 0..<1000 {
            _ = Self.admit(window, "later \(number)", at: Self.start + 121, lifetime: 60)
        }
        #expect(held > 2400 && window.count == 1001)
        #expect(Self.admit(window, "too long", lifetime: 61) == .full)
        #expect(Self.admit(window, "negative", lifetime: -1) == .full)
    }

    @Test("At every second of an hour of steady load all are admitted, and memory stays bounded")
    func steadyLoad() {
        let window = Self.window(lifetime: 360, callsPerSecond: 20)
        var greatest = 0
        for second in 0..<3600 as Range<Int64> {
            for call in 0..<20 {
                let nonce = "\(second)-\(call)"
                let now = Self.start + second
                guard Self.admit(window, nonce, at: now, stamped: now, lifetime: 360) == .admitted else {
                    Issue.record("refused \(nonce)")
                    return
                }
            }
            greatest = max(greatest, window.count)
        }
        #expect(greatest <= window.capacity && greatest >= 360 * 20)
        #expect(Self.admit(window, "3599-0", at: Self.start + 3599, lifetime: 360) == .replayed)
    }

    /// The shards are alike, so the 64th part of the load in one of them tells of the whole.
    @Test("Eleven minutes of 30,000 calls a second take less than the 250 MB that decision 10 states")
    func memory() throws {
        let window = Self.window(callsPerSecond: 30_000)
        var bytes = SeededBytes(seed: 3)
        var greatest = 0
        for second in 0..<661 as Range<Int64> {
            let now = (Self.start + second) * 1000
            for _ in 0..<469 {
                let fingerprint = (bytes.next() as UInt64) >> 6
                let admission = window.admit(fingerprint, stamped: now, nonceLifetime: 600, now: now)
                if admission != .admitted {
                    Issue.record("\(admission) in second \(second)")
                    return
                }
            }
            greatest = max(greatest, window.byteCount)
        }
        #expect(window.count >= 469 * 600)
        #expect(greatest * 64 < 250_000_000, "\(greatest * 64)")
    }

    @Test(
        "Requests stamped before the window could know are to be signed afresh, until the nonces are loaded")
    func restart() {
        let before = Self.window()
        #expect(Self.admit(before, "a", at: Self.start, stamped: Self.start) == .admitted)
        let restarted = Self.window(knownSince: Self.start + 10)
        #expect(Self.admit(restarted, "a", at: Self.start + 20, stamped: Self.start) == .unknown)
        #expect(Self.admit(restarted, "a", at: Self.start + 20, stamped: Self.start + 10) == .unknown)
        #expect(Self.admit(restarted, "b", at: Self.start + 20, stamped: Self.start + 11) == .admitted)
        let entry = (
            fingerprint: before.fingerprint(keyID: "k", token: Array("a".utf8)), expires: Self.start + 600
        )
        let expired = (fingerprint: UInt64(7), expires: Self.start + 19)
        #expect(
            restarted.load([entry, expired, entry], knownSince: Self.start - 300, now: Self.start + 20))
        #expect(restarted.knownSince == Self.start - 300)
        #expect(restarted.count == 2)
        #expect(Self.admit(restarted, "a", at: Self.start + 20, stamped: Self.start) == .replayedElsewhere)
        #expect(Self.admit(restarted, "c", at: Self.start + 20, stamped: Self.start) == .admitted)
        #expect(restarted.load([entry], knownSince: Self.start + 100, now: Self.start + 20))
        #expect(restarted.knownSince == Self.start - 300)
    }

    @Test("What doesn't fit isn't known")
    func loadingTooMuch() {
        let window = Self.window(lifetime: 60, callsPerSecond: 1, knownSince: Self.start)
        var bytes = SeededBytes(seed: 1)
        let entries = (0..<20_000).map { _ in (fingerprint: bytes.next() as UInt64, expires: Self.start + 60)
        }
        #expect(!window.load(entries, knownSince: 0, now: Self.start))
        #expect(window.knownSince == Self.start)
    }

    @Test("Extreme times and rates don't trap")
    func extremes() {
        let times: [Int64] = [.min, .min + 1, -1, 0, 1, .max - 1, .max]
        for now in times {
            let window = NonceWindow(key: Self.key, knownSince: .min, lifetime: .max, callsPerSecond: .max)
            for stamped in times {
                _ = window.admit(keyID: "", token: [], stamped: stamped, nonceLifetime: 600, now: now)
                let entries = [(fingerprint: 0 as UInt64, expires: stamped), (.max, now)]
                window.load(entries, knownSince: stamped, now: now)
            }
        }
        #expect(NonceWindow(key: Self.key, knownSince: 0, lifetime: -1, callsPerSecond: -1).capacity == 61)
    }

    /// The published vectors hash the bytes 0, 1, 2 … under the key 00…0f; a fingerprint's text is the id,
    /// 0xff and the token, so only computed ones can be compared.
    @Test("Fingerprints are SipHash-2-4 as another implementation computes it")
    func sipHash() throws {
        let script = """
            M = (1 << 64) - 1
            def rotate(x, b): return (x << b | x >> 64 - b) & M
            def siphash(key, data):
                k = [int.from_bytes(key[i:i + 8], 'little') for i in (0, 8)]
                v = [int.from_bytes(c, 'big') ^ k[i & 1] for i, c in enumerate(
                    (b'somepseu', b'dorandom', b'lygenera', b'tedbytes'))]
                def rounds(n):
                    for _ in range(n):
                        for a, b, r in ((0, 1, 13), (2, 3, 16)):
                            v[a] = v[a] + v[b] & M; v[b] = rotate(v[b], r) ^ v[a]
                        v[0] = rotate(v[0], 32)
                        for a, b, r in ((0, 3, 21), (2, 1, 17)):
                            v[a] = v[a] + v[b] & M; v[b] = rotate(v[b], r) ^ v[a]
                        v[2] = rotate(v[2], 32)
                data += bytes(7 - len(data) % 8) + bytes([len(data) & 255])
                for i in range(0, len(data), 8):
                    m = int.from_bytes(data[i:i + 8], 'little')
                    v[3] ^= m; rounds(2); v[0] ^= m
                v[2] ^= 255; rounds(4)
                return v[0] ^ v[1] ^ v[2] ^ v[3]
            assert siphash(bytes(range(16)), bytes(range(15))) == 0xa129ca6149be45e5
            for n in range(20):
                print(siphash(bytes(range(16)), b'key' + b'\\xff' + bytes(range(n))))
            """
        let lines = String(decoding: try Tool.run("python3", ["-c", script]), as: UTF8.self).split(
            separator: "\n")
        let window = Self.window()
        let own = (0..<20).map { "\(window.fingerprint(keyID: "key", token: Array(0..<UInt8($0))))" }
        #expect(own == lines.map(String.init))
    }

    @Test("Secrets aren't printed")
    func redaction() {
        let secrets: [Any] = [
            Self.key, SharedSecret("open sesame"), SigningKey(id: "k", .secret(SharedSecret("open sesame"))),
        ]
        for secret in secrets {
            var dumped = ""
            dump(secret, to: &dumped)
            for text in ["\(secret)", String(reflecting: secret), dumped] {
                #expect(text.contains("redacted") && !text.contains("sesame") && !text.contains("0706"))
            }
        }
        #expect(SharedSecret("a") == SharedSecret("a") && SharedSecret("a") != SharedSecret("b"))
    }
}
