/// Judges a request's timestamp: its form, its unit, and why it lies outside the window.
struct TimeFindings {
    private(set) var findings: [SignatureFinding] = []
    /// The time in unix milliseconds, in whatever unit it was sent.
    private(set) var time: Int64?
    private(set) var isWholeSeconds = true

    private let evidence: SignatureEvidence
    /// Seconds either way.
    private let window: Int64

    init(_ text: String?, form: TimeForm, window: Int, evidence: SignatureEvidence) {
        self.evidence = evidence
        self.window = Int64(window)
        guard let text, !text.isEmpty else {
            findings = [SignatureFinding(.unreadableTime, .proven, "没有时间戳。", "There is no timestamp.")]
            return
        }
        if form == .chinaTime { readChinaTime(text) } else { readNumber(text, form) }
        judge()
    }

    private mutating func readChinaTime(_ text: String) {
        time = ChinaTime.seconds(text).map { $0 * 1000 }
        guard time == nil else { return }
        findings.append(
            SignatureFinding(
                .unreadableTime, .proven, "时间“\(Self.shown(text))”不是 yyyy-MM-dd HH:mm:ss。",
                "The time “\(Self.shown(text))” isn't yyyy-MM-dd HH:mm:ss."))
    }

    private mutating func readNumber(_ text: String, _ form: TimeForm) {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
            findings.append(
                SignatureFinding(
                    .unreadableTime, .proven, "时间戳“\(Self.shown(text))”不是十进制整数。",
                    "The timestamp “\(Self.shown(text))” is no decimal integer."))
            return
        }
        // A second's count has ten digits until the year 2286; each finer unit has three more.
        let milliseconds = number >= 100_000_000_000
        time = milliseconds ? number : number * 1000
        if number >= 100_000_000_000_000 {
            time = number / (number >= 100_000_000_000_000_000 ? 1_000_000 : 1000)
        }
        let isDue =
            form == .secondsOrMilliseconds
            ? number < 100_000_000_000_000 : milliseconds == (form == .milliseconds)
        isWholeSeconds = !milliseconds
        guard !isDue || number >= 100_000_000_000_000 else { return }
        let (chinese, english) = form == .milliseconds ? ("毫秒", "milliseconds") : ("秒", "seconds")
        findings.append(
            SignatureFinding(
                .milliseconds, .proven, "时间戳有 \(text.utf8.count) 位数字，而规定的单位是\(chinese)。",
                "The timestamp has \(text.utf8.count) digits where \(english) are due."))
    }

    /// What a value that will be shown to people looks like: short, and without control characters.
    private static func shown(_ text: String) -> String { ShownText.line(text, limit: 40) }

    private mutating func judge() {
        guard let time, let receivedAt = evidence.receivedAt else { return }
        // A time in seconds is compared with the server's second.
        let now = isWholeSeconds ? receivedAt - receivedAt % 1000 : receivedAt
        let (age, overflow) = now.subtractingReportingOverflow(time)
        guard !overflow, age.magnitude > UInt64(window) * 1000 else {
            if !overflow, age.magnitude / 1000 == window {
                findings.append(
                    SignatureFinding(
                        .windowEdge, .proven, "时间戳与服务器恰好相差 \(window) 秒，等于窗口。",
                        "The timestamp is exactly \(window) s off, which is the window."))
            }
            return
        }
        let seconds = age.magnitude / 1000
        let zone = Self.zone(seconds)
        if age < 0 {
            findings.append(
                SignatureFinding(
                    .fastClock, .proven, "时间戳比服务器时间超前 \(seconds) 秒（窗口 \(window) 秒）\(zone.chinese)。",
                    "The timestamp is \(seconds) s ahead of the server (window \(window) s)\(zone.english)."))
        } else {
            judgeOld(age, zone)
        }
    }

    /// Too old: either the clock is slow, or the request waited between signing and sending.
    private mutating func judgeOld(_ age: Int64, _ zone: BilingualText) {
        let seconds = age / 1000
        let slow = BilingualText(
            "时间戳比服务器时间落后 \(seconds) 秒（窗口 \(window) 秒）\(zone.chinese)。",
            "The timestamp is \(seconds) s behind the server (window \(window) s)\(zone.english).")
        guard let waited else {
            findings.append(SignatureFinding(.slowClock, .likely, slow))
            findings.append(
                SignatureFinding(
                    .queued, .possible, "也可能是签名后等待了 \(seconds) 秒才到达。",
                    "Or it took \(seconds) s from being signed to coming in."))
            return
        }
        guard waited >= age / 2 else {
            findings.append(SignatureFinding(.slowClock, .proven, slow))
            return
        }
        findings.append(
            SignatureFinding(
                .queued, .proven, "签名之后等待了约 \(waited / 1000) 秒才发出（窗口 \(window) 秒）。",
                "Some \(waited / 1000) s passed between signing and sending (window \(window) s)."))
    }

    /// How long the request waited after it was signed, by whatever fact tells.
    private var waited: Int64? {
        guard let time, let receivedAt = evidence.receivedAt else { return nil }
        if let signedAt = evidence.signedAt { return Self.difference(receivedAt, signedAt) }
        if let sentAt = evidence.sentAt { return Self.difference(sentAt, time) }
        if let offset = evidence.clockOffset {
            return Self.difference(receivedAt, time).flatMap {
                $0.addingReportingOverflow(offset).partialValue
            }
        }
        return nil
    }

    private static func difference(_ later: Int64, _ earlier: Int64) -> Int64? {
        let (value, overflow) = later.subtractingReportingOverflow(earlier)
        return overflow ? nil : value
    }

    /// Whole hours off, give or take two minutes, are a zone that was forgotten.
    private static func zone(_ seconds: UInt64) -> BilingualText {
        let hours = (seconds + 120) / 3600
        guard (1...14).contains(hours), (seconds + 120) % 3600 <= 240 else { return BilingualText("", "") }
        return BilingualText("，恰为 \(hours) 小时：像是把本地时间当成了 UTC", ", \(hours) whole hours: a zone was forgotten")
    }
}
