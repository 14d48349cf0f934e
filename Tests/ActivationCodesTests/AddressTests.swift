import ActivationCodes
import Testing

@Suite("Addresses and ranges")
struct AddressTests {
    // RFC 4291 §2.2 and §2.5.5, RFC 5952 §4 and §5.
    @Test(
        "every form of an address reads and prints canonically",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"),
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("FF01:0:0:0:0:0:0:101", "ff01::101"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8::0001", "2001:db8::1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("::13.1.68.3", "::d01:4403"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("::FFFF:129.144.52.38", "129.144.52.38"), ("0:0:0:0:0:ffff:c000:0201", "192.0.2.1"),
        ])
    func forms(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", " ", "1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.4 ", "1..2.3", "1.2.3.-4",
            "a.b.c.d",
            ":", ":::", "1:", ":1", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", "12345::", "g::", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5",
            "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "１.2.3.4", "0x7f.0.0.1", "::1:", "1:2:3:4::5:6:7:8",
        ])
    func refused(text: String) { #expect(IPAddress(text) == nil) }

    @Test(
        "a range holds its addresses and no others",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("192.0.2.0/24", "192.0.2.77", "192.0.3.0"),
            ("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("0.0.0.0/0", "203.0.113.9", "::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"), ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1/128", "::1", "::2"), ("2001:db8::8000/113", "2001:db8::ffff", "2001:db8::7fff"),
            ("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "::ffff:9.0.0.1"),
        ])
    func contains(cidr: String, inside: String, outside: String) throws {
        let range = try #require(AddressRange(cidr))
        #expect(range.contains(try #require(IPAddress(inside))))
        #expect(!range.contains(try #require(IPAddress(outside))))
        #expect(AddressRange(range.description) == range)
    }

    @Test(
        "set host bits and impossible prefixes are refused",
        arguments: [
            "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8", "/8", "",
            "2001:db8::1/64", "::/129", "::ffff:10.0.0.0/95", "::ffff:10.0.0.0/8", "10.0.0.0/104",
            " 10.0.0.0/8",
        ])
    func refusedRanges(cidr: String) { #expect(AddressRange(cidr) == nil) }

    @Test("mutated addresses and ranges are refused or read to a fixed point")
    func fuzz() throws {
        var random = SeededGenerator(seed: 21)
        let seeds = [
            "192.0.2.1", "10.0.0.0/8", "2001:db8::1", "::ffff:1.2.3.4", "2001:db8::/32", "1:2:3:4:5:6:7:8",
        ]
        for _ in 0..<20_000 {
            let text = mutated(seeds.randomElement(using: &random) ?? "", &random)
            if let address = IPAddress(text) { #expect(IPAddress(address.description) == address) }
            if let range = AddressRange(text) { #expect(AddressRange(range.description) == range) }
        }
    }
}
