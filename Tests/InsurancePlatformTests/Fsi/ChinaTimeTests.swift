import InsurancePlatform
import Testing

@Suite("The platform's calendar")
struct ChinaTimeTests {
    @Test(
        "writes and reads the same instants",
        arguments: [
            (0, "1970-01-01 08:00:00"), (1_700_000_000_000, "2023-11-15 06:13:20"),
            (1_709_136_000_000, "2024-02-29 00:00:00"), (951_753_600_000, "2000-02-29 00:00:00"),
            (4_107_513_599_000, "2100-02-28 23:59:59"), (4_107_513_600_000, "2100-03-01 00:00:00"),
            (1_735_660_799_000, "2024-12-31 23:59:59"), (253_402_271_999_000, "9999-12-31 23:59:59"),
        ] as [(Int64, String)])
    func instants(milliseconds: Int64, text: String) {
        #expect(ChinaTime.text(milliseconds, .text) == text)
        #expect(ChinaTime.milliseconds(text, .text) == milliseconds)
    }

    @Test("knows its four forms")
    func forms() {
        #expect(ChinaTime.text(1_700_000_000_123, .date) == "2023-11-15")
        #expect(ChinaTime.text(1_700_000_000_123, .compact) == "20231115061320")
        #expect(ChinaTime.text(1_700_000_000_023, .milliseconds) == "20231115061320023")
        #expect(ChinaTime.milliseconds("20231115061320023", .milliseconds) == 1_700_000_000_023)
        #expect(ChinaTime.milliseconds("2023-11-15", .date) == 1_699_977_600_000)
    }

    @Test("walks through every day of a hundred years")
    func days() {
        let day: Int64 = 86_400_000
        var last = ""
        for index in 0..<Int64(36_525) {
            let text = ChinaTime.text(index * day, .date)
            #expect(text > last)
            #expect(ChinaTime.milliseconds(text, .date) == index * day - 8 * 3_600_000)
            last = text
        }
        #expect(last == "2069-12-31")
    }

    @Test(
        "refuses what isn't a time",
        arguments: [
            "", "2023-02-29 00:00:00", "2023-13-01 00:00:00", "2023-00-01 00:00:00", "2023-01-00 00:00:00",
            "2023-01-01T00:00:00", "2023-01-01 24:00:00", "2023-1-1 00:00:00", "1969-01-01 00:00:00",
            "2023-01-01 00:60:00", "2023-01-01 00:00:0a",
        ])
    func refused(text: String) {
        #expect(ChinaTime.milliseconds(text, .text) == nil)
    }

    @Test("doesn't trap at the ends of time")
    func ends() {
        #expect(ChinaTime.text(.max, .text) == "9999-12-31 23:59:59")
        #expect(ChinaTime.text(.min, .text) == "1970-01-01 00:00:00")
    }
}
