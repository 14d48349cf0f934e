import AuditLog
import Foundation
import Testing

@Suite("RFC 3339 times") struct RFC3339Tests {
    @Test(
        "known times",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
            (1_795_230_245_678, "2026-11-21T03:04:05.678Z"),
            (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func known(milliseconds: Int64, text: String) {
        #expect(RFC3339.string(unixMilliseconds: milliseconds) == text)
        #expect(RFC3339.unixMilliseconds(text) == milliseconds)
    }

    @Test(
        "offsets, fractions and small letters are read",
        arguments: [
            ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T23:30:00-00:30", 0), ("1970-01-01t00:00:00z", 0),
            ("1970-01-01T00:00:00.1Z", 100), ("1970-01-01T00:00:00.1239999Z", 123),
            ("1970-01-01T00:00:01.05-00:00", 1050),
        ] as [(String, Int64)])
    func read(text: String, milliseconds: Int64) {
        #expect(RFC3339.unixMilliseconds(text) == milliseconds)
    }

    @Test(
        "what is no time is nil",
        arguments: [
            "", "2026-11-21", "2026-11-21T03:04:05", "2026-11-21 03:04:05Z", "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T00:60:00Z",
            "2016-12-31T23:59:60Z", "2026-11-21T00:00:00.Z", "2026-11-21T00:00:00+0100",
            "2026-11-21T00:00:00+24:00",
            "2026-11-21T00:00:00Z ", "+026-11-21T00:00:00Z", "2026-11-21T00:00:00.5", "2026-11-00T00:00:00Z",
        ])
    func refused(text: String) {
        #expect(RFC3339.unixMilliseconds(text) == nil)
    }

    @Test("every day of 800 years reads back, and Foundation agrees on some")
    func days() {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in Int64(-146_097)...146_097 where day % 7 == 0 {
            let time = day * 86_400_000 + Int64((day * 7919).magnitude % 86_400_000)
            let text = RFC3339.string(unixMilliseconds: time)
            #expect(RFC3339.unixMilliseconds(text) == time)
            guard day % 10_003 == 0 else { continue }
            // To the second: Foundation's milliseconds pass through a double.
            let other = Date(timeIntervalSince1970: Double(time / 1000)).formatted(style)
            #expect(time < 0 || text.prefix(19) == other.prefix(19))
        }
    }
}
