/// Dates as saved requests hold them, in unix milliseconds.
enum CalendarTime {
    /// `Tue, 14 Nov 2023 22:13:20 GMT` (RFC 9110, clause 5.6.7), the one form that is still sent.
    static func milliseconds(httpDate text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: parts[2]) else {
            return nil
        }
        guard let day = number(parts[1]), let year = number(parts[3]), let clock = clock(parts[4]) else {
            return nil
        }
        return milliseconds(year: year, month: month + 1, day: day, clock: clock)
    }

    /// `2023-11-14T22:13:20.123+08:00` (RFC 3339), the form of HAR.
    static func milliseconds(rfc3339 text: String) -> Int64? {
        let halves = text.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).compactMap(number)
        var time = halves[1]
        guard date.count == 3, let offset = takeOffset(from: &time), let clock = clock(time) else {
            return nil
        }
        return milliseconds(year: date[0], month: date[1], day: date[2], clock: clock).map { $0 - offset }
    }

    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The zone at the text's end, taken off it, in milliseconds east of Greenwich.
    private static func takeOffset(from time: inout Substring) -> Int64? {
        if time.last == "Z" {
            time = time.dropLast()
            return 0
        }
        guard let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return nil }
        let zone = time[sign...].dropFirst().filter { $0 != ":" }
        guard zone.count == 4, let value = number(Substring(zone)) else { return nil }
        let minutes = value / 100 * 60 + value % 100
        let isEast = time[sign] == "+"
        time = time[..<sign]
        return isEast ? minutes * 60_000 : -minutes * 60_000
    }

    /// `22:13:20` with or without a fraction, in milliseconds of the day.
    private static func clock(_ text: Substring) -> Int64? {
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves.first?.split(separator: ":").compactMap(number) ?? []
        guard parts.count == 3, parts[0] < 24, parts[1] < 60, parts[2] <= 60 else { return nil }
        var fraction: Int64 = 0
        if halves.count == 2 {
            guard let value = number((halves[1] + "000").prefix(3)) else { return nil }
            fraction = value
        }
        return ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * 1000 + fraction
    }

    private static func number(_ text: Substring) -> Int64? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    private static func milliseconds(year: Int64, month: some BinaryInteger, day: Int64, clock: Int64)
        -> Int64?
    {
        CivilDate(year: year, month: Int64(month), day: day).map { $0.daysSince1970 * 86_400_000 + clock }
    }
}
