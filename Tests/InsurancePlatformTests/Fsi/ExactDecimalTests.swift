import InsurancePlatform
import Testing

@Suite("Exact decimals")
struct ExactDecimalTests {
    @Test(
        "are read and written without losing a digit",
        arguments: [
            ("0", 2, "0.00"), ("-0", 0, "0"), ("1.5", 2, "1.50"), ("-12.30", 2, "-12.30"),
            ("0.000001", 2, "0.000001"),
            ("999999999999999999", 0, "999999999999999999"), ("-0.05", 1, "-0.05"), ("100.00", 0, "100"),
            ("007", 0, "7"), ("12345678901234.56", 2, "12345678901234.56"), ("3.1415", 4, "3.1415"),
        ])
    func text(text: String, scale: Int, written: String) throws {
        #expect(try #require(ExactDecimal(text)).text(scale: scale) == written)
    }

    @Test(
        "of another form are refused",
        arguments: [
            "", "-", "+1", "1.", ".5", "1e2", "1E2", " 1", "1 ", "1,5", "--1", "1.2.3", "1.1234567", "NaN",
            "٣",
            "1234567890123456789", "1-", "0x1",
        ])
    func refused(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test("are equal by value, ordered by value, and add up to the cent")
    func arithmetic() throws {
        let third = try #require(ExactDecimal("0.1"))
        #expect(third + ExactDecimal(units: 2, scale: 1) == ExactDecimal("0.30"))
        #expect(Set([ExactDecimal("1.5"), ExactDecimal("1.50"), ExactDecimal("1.500000")]).count == 1)
        #expect(try #require(ExactDecimal("-1.01")) < ExactDecimal(units: -101, scale: 2) + third)
        #expect(-third + third == .zero)
        let cents = (1...1000).map { ExactDecimal(cents: $0) }.reduce(.zero, +)
        #expect(cents.cents == 500_500)
        #expect(cents.text(scale: 2) == "5005.00")
        #expect(third.cents == 10 && ExactDecimal("0.001")?.cents == nil)
        #expect(ExactDecimal("999999999999999999")?.cents == nil, "beyond 64 bits of cents")
    }

    @Test(
        "round half away from zero",
        arguments: [
            ("1.005", 2, "1.01"), ("-1.005", 2, "-1.01"), ("1.004999", 2, "1"), ("0.5", 0, "1"),
            ("-0.5", 0, "-1"),
            ("2.5", 0, "3"), ("0.000001", 6, "0.000001"), ("0.4999", 0, "0"),
        ])
    func rounding(text: String, scale: Int, rounded: String) throws {
        #expect(try #require(ExactDecimal(text)).rounded(scale: scale) == ExactDecimal(rounded))
    }

    @Test(
        "multiply a count by a price",
        arguments: [
            ("3", "1.333333", "4.00"), ("2.5", "0.01", "0.03"), ("-2.5", "0.01", "-0.03"),
            ("0.3333", "3", "1.00"),
            ("100", "12.345678", "1234.57"), ("0", "9.99", "0"),
        ])
    func product(count: String, price: String, amount: String) throws {
        let count = try #require(ExactDecimal(count))
        #expect(try count.multiplied(by: #require(ExactDecimal(price)), scale: 2) == ExactDecimal(amount))
    }

    @Test("don't trap, whatever is multiplied and added")
    func extremes() throws {
        let largest = try #require(ExactDecimal("999999999999999999"))
        let smallest = try #require(ExactDecimal("-999999999999999999"))
        #expect(largest.multiplied(by: largest, scale: 2) == largest)
        #expect(largest.multiplied(by: smallest, scale: 6) == smallest)
        #expect(largest.multiplied(by: ExactDecimal(cents: 300), scale: 2) == largest)
        #expect(largest + smallest == .zero)
        #expect((largest + largest).text(scale: 2) == "1999999999999999998.00")
        #expect(ExactDecimal(units: .min, scale: 6).text(scale: 6) == "-9223372036854.775808")
    }
}
