/// The abbreviations that count as one word in a camelCase name, capitals and all.
enum Acronyms {
    /// Longer entries first, so that `HTTPS` is found before `HTTP`.
    private static let capitals: [StaticString] = [
        "HTTPS",
        "HTML", "HTTP", "JSON", "PACS", "SOAP", "UUID",
        "API", "CPU", "CSB", "DIP", "DNS", "DRG", "EHR", "EMR", "EPC", "FSI", "HIS", "ICD", "JWT", "LIS",
        "MAC",
        "OTP", "PDF", "PIN", "RSA", "SDK", "SMS", "SQL", "SSL", "TCP", "TLS", "UDP", "UID", "URI", "URL",
        "UTC",
        "XML",
        "CA", "ID", "IP", "NO", "OS", "QR", "SM", "SN",
    ]

    /// Those that hold small letters.
    private static let mixed: [StaticString] = ["OAuth", "IPv4", "IPv6"]

    /// Longer runs of capitals aren't searched, so that a name costs time in proportion to its length.
    private static let longestRun = 32

    /// How many bytes the acronym at `start` takes, without a plural's `s`; 0 if there is none.
    ///
    /// Capitals from `start` to `capitalsEnd` are known acronyms only if such make up all of them, but for
    /// the last one when it starts a word of small letters.
    static func length(
        in name: UnsafeBufferPointer<UInt8>, from start: Int, capitalsEnd: Int
    ) -> Int {
        guard capitalsEnd > start, capitalsEnd - start <= longestRun else { return 0 }
        for entry in mixed where matches(entry, name, at: start, before: name.count) {
            let end = start + entry.utf8CodeUnitCount
            if end == name.count || !FieldName.isLower(name[end]) { return end - start }
        }
        guard capitalsEnd < name.count, FieldName.isLower(name[capitalsEnd]) else {
            return firstTile(name, from: start, to: capitalsEnd)
        }
        let isPlural =
            name[capitalsEnd] == UInt8(ascii: "s")
            && (capitalsEnd + 1 == name.count || !FieldName.isLower(name[capitalsEnd + 1]))
        return firstTile(name, from: start, to: isPlural ? capitalsEnd : capitalsEnd - 1)
    }

    /// The length of the first of the acronyms that make up `start..<end`; 0 if they don't.
    private static func firstTile(_ name: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) -> Int {
        for entry in capitals where matches(entry, name, at: start, before: end) {
            let next = start + entry.utf8CodeUnitCount
            if next == end || firstTile(name, from: next, to: end) > 0 { return next - start }
        }
        return 0
    }

    private static func matches(
        _ entry: StaticString, _ name: UnsafeBufferPointer<UInt8>, at start: Int, before end: Int
    ) -> Bool {
        let count = entry.utf8CodeUnitCount
        guard end - start >= count else { return false }
        return (0..<count).allSatisfy { name[start + $0] == entry.utf8Start[$0] }
    }
}
