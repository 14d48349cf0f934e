import HTTPTypes
import RequestSigning
import Testing

@Suite("RFC 9530 Content-Digest")
struct ContentDigestTests {
    @Test("The RFC's digests", arguments: MessageVectors.all?.digests ?? [])
    func examples(_ vector: MessageVectors.Digest) throws {
        let algorithm = try #require(ContentDigest.Algorithm(rawValue: vector.algorithm))
        let body = Array(vector.body.utf8)
        let value = ContentDigest.fieldValue(for: body, using: algorithm)
        #expect(value == "\(vector.algorithm)=:\(vector.digest):")
        try ContentDigest.check(body, against: [.contentDigest: value])
        #expect(
            refusal { try ContentDigest.check(body + [10], against: [.contentDigest: value]) }
                == .contentDigestMismatch)
    }

    @Test("The RFC's messages carry the digests of their bodies", arguments: ["B.2.1", "B.2.4"])
    func messages(_ name: String) throws {
        let message = try MessageVectors.signature(name).message
        try ContentDigest.check(Array((message.body ?? "").utf8), against: message.headerFields)
    }

    static let hello = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"
    static let other = ContentDigest.fieldValue(for: [], using: .sha512)

    static let fields: [(String, SigningRefusal.Code?)] = [
        (hello, nil),
        ("md5=:AAAA:, \(hello)", nil),
        ("\(hello), unixsum=:AAAA:", nil),
        ("\(hello), \(other)", .contentDigestMismatch),
        ("sha-256=:AAAA:", .contentDigestMismatch),
        ("sha-256=::", .contentDigestMismatch),
        ("md5=:AAAA:", .contentDigestUnsupported),
        ("", .contentDigestMalformed),
        ("sha-256", .contentDigestMalformed),
        ("sha-256=1", .contentDigestMalformed),
        ("sha-256=abc", .contentDigestMalformed),
        ("SHA-256=:AAAA:", .contentDigestMalformed),
        ("\(hello), \(hello)", .contentDigestMalformed),
        ("\(hello),", .contentDigestMalformed),
        ("\(hello);x=1", .contentDigestMalformed),
        ("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ:", .contentDigestMalformed),
        ((0..<9).map { "d\($0)=:AAAA:" }.joined(separator: ","), .contentDigestMalformed),
    ]

    @Test("Every digest of a known algorithm must hold, and no form but the RFC's is read", arguments: fields)
    func check(_ value: String, _ code: SigningRefusal.Code?) {
        let fields: HTTPFields = [.contentDigest: value]
        #expect(refusal { try ContentDigest.check(Array("hello".utf8), against: fields) } == code)
    }

    @Test("Several lines are one dictionary; none is a missing digest")
    func lines() throws {
        var fields = HTTPFields()
        #expect(refusal { try ContentDigest.check([], against: fields) } == .contentDigestMissing)
        fields.append(HTTPField(name: .contentDigest, value: Self.hello))
        fields.append(HTTPField(name: .contentDigest, value: "md5=:AAAA:"))
        try ContentDigest.check(Array("hello".utf8), against: fields)
    }
}
