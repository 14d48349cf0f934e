import Foundation
import RequestSigning
import Testing

@Suite struct JSONNumberTests {
    /// RFC 8785, appendix B: a double's bits, and its text.
    static let published: [(UInt64, String)] = [
        (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"), (0x8000_0000_0000_0001, "-5e-324"),
        (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
        (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"), (0x44B5_2D02_C7E1_4AF6, "1e+23"),
        (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
        (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"), (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
        (0x444B_1AE4_D6E2_EF50, "1e+21"),
        (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
        (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
        (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
        (0x41B3_DE43_5555_5557, "333333333.33333343"),
        (0xBECB_F647_612F_3696, "-0.0000033333333333333333"), (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
    ]

    @Test("RFC 8785's numbers come out as published, however they were written", arguments: published)
    func publishedNumbers(bits: UInt64, expected: String) throws {
        let double = Double(bitPattern: bits)
        for text in ["\(double)", String(format: "%.17e", double), String(format: "%.1100f", double)] {
            #expect(try CanonicalFormTests.canonical("{\"n\":\(text)}", .jcs) == "{\"n\":\(expected)}")
        }
    }

    @Test(
        "Integers become doubles in RFC 8785's form",
        arguments: [
            ("-0", "0"), ("7", "7"), ("-999999999999999", "-999999999999999"),
            ("9007199254740993", "9007199254740992"), ("9007199254740995", "9007199254740996"),
            ("100000000000000000000", "100000000000000000000"), ("1000000000000000000000", "1e+21"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("100.00", "100"), ("-0.0", "0"), ("1e21", "1e+21"), ("1e20", "100000000000000000000"),
        ])
    func integers(text: String, expected: String) throws {
        #expect(try CanonicalFormTests.canonical("{\"n\":\(text)}", .jcs) == "{\"n\":\(expected)}")
    }

    @Test("A digit far behind still decides a rounding")
    func longTail() throws {
        let halfway = "9007199254740993." + String(repeating: "0", count: 2000)
        #expect(
            try CanonicalFormTests.canonical("{\"a\":\(halfway),\"b\":\(halfway)1}", .python)
                == #"{"a":9007199254740992.0,"b":9007199254740994.0}"#)
    }

    @Test("Zeros before or behind the digits cost nothing and change nothing")
    func zeros() throws {
        let zeros = String(repeating: "0", count: 100_000)
        let text = "[0.\(zeros)25e100001,1\(zeros).0e-100000,0.\(zeros),0.\(zeros)1]"
        #expect(try CanonicalFormTests.canonical("{\"n\":\(text)}", .python) == #"{"n":[2.5,1.0,0.0,0.0]}"#)
    }
}
