import InsurancePlatform
import Testing

@Suite("Message identifiers")
struct MessageIDTests {
    /// 2023-11-15 06:13:20 in China.
    private static let now: Int64 = 1_700_000_000_123

    @Test("hold the institution, the time in China and a number")
    func form() throws {
        let id = try MessageIDSource(fixmedinsCode: "H33010000001").next(now: Self.now)
        #expect(id.text == "H33010000001202311150613200000")
        #expect(id.second == 1_700_000_000 && id.sequence == 0 && id.fixmedinsCode == "H33010000001")
        #expect(MessageID(id.text) == id)
    }

    @Test("are unique and increasing beyond ten thousand a second, and when the clock goes back")
    func increasing() throws {
        let source = try MessageIDSource(fixmedinsCode: "H33010000001")
        var last = ""
        for index in 0..<25_000 {
            let text = source.next(now: Self.now - Int64(index % 3) * 2_000).text
            #expect(text.utf8.count == 30 && text > last)
            last = text
        }
        #expect(last == "H33010000001202311150613224999")
        #expect(source.next(now: Self.now + 60_000).text == "H33010000001202311150614200000")
    }

    @Test("given to many tasks at once are all different")
    func concurrent() async throws {
        let source = try MessageIDSource(fixmedinsCode: "H33010000001")
        let ids = await withTaskGroup(of: [String].self) { group in
            for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in source.next(now: Self.now).text } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(ids).count == 16_000)
    }

    @Test("go on behind the last one of the process before")
    func resumed() throws {
        let last = try MessageID(fixmedinsCode: "H33010000001", second: 1_700_000_005, sequence: 9_999)
        let source = try MessageIDSource(fixmedinsCode: "H33010000001", after: last)
        #expect(source.next(now: Self.now).text == "H33010000001202311150613260000")
    }

    @Test(
        "need an institution's whole code",
        arguments: ["", "H3301", "H330100000012", "H3301000000 ", "H33010000浙"])
    func code(code: String) {
        #expect(throws: FsiError.self) { try MessageIDSource(fixmedinsCode: code) }
    }

    @Test(
        "of another form are refused",
        arguments: [
            "", "H3301000000120231115061320000", "H33010000001202313150613200000",
            "H33010000001202311150613200 00",
            "H3301000000120231115061320000x",
        ])
    func refused(text: String) {
        #expect(MessageID(text) == nil)
    }
}
