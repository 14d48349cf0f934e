import ActivationCodes
import Foundation
import Testing

@Suite("Validity periods and expiries")
struct TimeTests {
    @Test(
        "every form of a period reads and prints canonically",
        arguments: [
            ("72h", "PT72H"), ("30m", "PT30M"), ("45s", "PT45S"), ("90d", "P90D"), ("2w", "P14D"),
            ("P90D", "P90D"),
            ("PT72H", "PT72H"), ("P1Y2M", "P1Y2M"), ("P1DT12H", "P1DT12H"), ("P2W", "P14D"),
            ("P14M", "P1Y2M"),
            ("PT90M", "PT1H30M"), ("P0Y1D", "P1D"), ("P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S"), ("P100Y", "P100Y"),
            ("36525d", "P36525D"), ("PT61S", "PT1M1S"), ("007d", "P7D"),
        ])
    func periods(text: String, canonical: String) throws {
        let period = try #require(ValidityPeriod(text))
        #expect(period.description == canonical)
        #expect(ValidityPeriod(canonical) == period)
    }

    @Test(
        "what is no period is refused",
        arguments: [
            "", "0s", "0d", "P", "PT", "P0D", "PT0S", "P1DT", "1", "h", "-1h", "+1h", "1.5h", "1h30m", "72H",
            "p90d",
            "P1H", "PT1D", "P1D1Y", "P1M1M", "P1Y1W", "P1W1D", "P1.5D", "101Y", "P101Y", "P100YT1S", "36526d",
            "99999999999s", "9999999999w", "P9999999999Y", "P1D ", " 1d", "１d", "PTT1H", "P1YT1HT1M",
        ])
    func refusedPeriods(text: String) { #expect(ValidityPeriod(text) == nil) }

    @Test(
        "a period ends where the calendar says",
        arguments: [
            ("2024-01-31T10:00:00Z", "P1M", "2024-02-29T10:00:00Z"),
            ("2023-01-31T10:00:00Z", "P1M", "2023-02-28T10:00:00Z"),
            ("2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"),
            ("2024-02-29T00:00:00Z", "P4Y", "2028-02-29T00:00:00Z"),
            ("2024-12-31T23:59:59.999Z", "45s", "2025-01-01T00:00:44.999Z"),
            ("2026-01-01T00:00:00Z", "90d", "2026-04-01T00:00:00Z"),
            ("2026-03-31T00:00:00Z", "P1M1D", "2026-05-01T00:00:00Z"),
            ("2026-11-15T00:00:00Z", "P3M", "2027-02-15T00:00:00Z"),
            ("1969-12-31T23:00:00Z", "2h", "1970-01-01T01:00:00Z"),
            ("1899-12-31T00:00:00Z", "P2M", "1900-02-28T00:00:00Z"),
            ("2000-01-01T00:00:00Z", "P100Y", "2100-01-01T00:00:00Z"),
            ("2099-12-31T00:00:00Z", "P2M", "2100-02-28T00:00:00Z"),
        ])
    func ends(start: String, period: String, end: String) throws {
        #expect(try #require(ValidityPeriod(period)).date(after: Date(start)) == Date(end))
    }

    @Test("months and days agree with the system's Gregorian calendar")
    func calendar() throws {
        var gregorian = Calendar(identifier: .gregorian)
        gregorian.timeZone = .gmt
        var random = SeededGenerator(seed: 31)
        for _ in 0..<2_000 {
            let start = Date(timeIntervalSince1970: Double(Int.random(in: 0..<6_000_000_000, using: &random)))
            let months = Int.random(in: 1...600, using: &random)
            let days = Int.random(in: 0...1_000, using: &random)
            let period = try #require(ValidityPeriod("P\(months)M\(days)D"))
            let expected = gregorian.date(byAdding: .month, value: months, to: start)
                .flatMap { gregorian.date(byAdding: .day, value: days, to: $0) }
            #expect(period.date(after: start) == expected)
        }
    }

    @Test(
        "an instant with its offset reads as the same instant in UTC",
        arguments: [
            ("2027-03-31T16:00:00Z", "2027-03-31T16:00:00Z"),
            ("2027-04-01T00:00:00+08:00", "2027-03-31T16:00:00Z"),
            ("2027-03-31T12:30:00-03:30", "2027-03-31T16:00:00Z"),
            ("2027-03-31T16:00:00.5Z", "2027-03-31T16:00:00.500Z"),
            ("2027-03-31T16:00:00.123Z", "2027-03-31T16:00:00.123Z"),
            ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ])
    func instants(text: String, canonical: String) throws {
        let expiry = try #require(Expiry(text))
        #expect(expiry.description == canonical)
        #expect(Expiry(canonical) == expiry)
        #expect(expiry.date(from: .day()) == expiry.date(from: .distantPast))
    }

    @Test(
        "what is neither period nor instant with an offset is refused",
        arguments: [
            "", "2027-03-31", "2027-03-31T16:00:00", "2027-03-31T16:00Z", "2027-03-31 16:00:00Z",
            "2027-02-29T00:00:00Z",
            "2027-13-01T00:00:00Z", "2027-00-01T00:00:00Z", "2027-01-00T00:00:00Z", "2027-04-31T00:00:00Z",
            "2027-01-01T24:00:00Z", "2027-01-01T00:60:00Z", "2027-01-01T00:00:60Z", "2027-01-01T00:00:00.Z",
            "2027-01-01T00:00:00.1234Z", "2027-01-01T00:00:00+8:00", "2027-01-01T00:00:00+0800",
            "2027-01-01T00:00:00z",
            "2027-01-01T00:00:00+24:00", "2027-01-01T00:00:00ZZ", "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+08:00",
            "9999-12-31T23:00:00-08:00", "2027-1-01T00:00:00Z", "+2027-01-01T00:00:00Z",
        ])
    func refusedExpiries(text: String) { #expect(Expiry(text) == nil) }

    @Test("a relative expiry counts from its start")
    func relative() throws {
        #expect(try #require(Expiry("72h")).date(from: .day()) == .day(72 * 3600))
        #expect(try #require(Expiry("72h")).description == "PT72H")
    }

    @Test("no date is too far away or too strange to add to")
    func extremes() throws {
        let period = try #require(ValidityPeriod("P100Y"))
        for start in [
            Date.distantPast, .distantFuture, Date(timeIntervalSince1970: .infinity),
            Date(timeIntervalSince1970: -.infinity), Date(timeIntervalSince1970: .nan),
        ] {
            #expect(period.date(after: start).timeIntervalSince1970.isFinite)
        }
    }

    @Test("mutated periods and instants are refused or read to a fixed point")
    func fuzz() {
        var random = SeededGenerator(seed: 32)
        let seeds = [
            "72h", "P1Y2M3DT4H5M6S", "P90D", "2027-03-31T16:00:00.123Z", "2027-04-01T00:00:00+08:00", "2w",
        ]
        for _ in 0..<20_000 {
            let text = mutated(seeds.randomElement(using: &random) ?? "", &random)
            if let period = ValidityPeriod(text) { #expect(ValidityPeriod(period.description) == period) }
            if let expiry = Expiry(text) { #expect(Expiry(expiry.description) == expiry) }
        }
    }
}
