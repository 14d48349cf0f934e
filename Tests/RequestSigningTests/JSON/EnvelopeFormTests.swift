import Foundation
import RequestSigning
import Testing

@Suite struct EnvelopeFormTests {
    @Test("The data of the published vectors takes the form they sign, in both orders")
    func vectors() throws {
        let url = try #require(
            Bundle.module.url(forResource: "envelope-vectors", withExtension: "json", subdirectory: "Vectors")
        )
        let vectors = try JSONDocument(parsing: [UInt8](Data(contentsOf: url)))
        let data = try #require(vectors["data"])
        let signatures = try #require(vectors["signatures"]).elements
        #expect(signatures.count == 2)
        for signature in signatures {
            let order = try #require(signature["order"]?.string.flatMap(KeyOrder.init))
            let text = try #require(signature["text"]?.string)
            let form = String(decoding: try data.canonical(.envelope(order)), as: UTF8.self)
            #expect(text.contains("&data=\(form)&encType="))
        }
    }

    @Test(
        "Empty things fall away and what isn't text becomes text",
        arguments: [
            (#"{"a":null,"b":"","c":[],"d":{}}"#, #"{"d":{}}"#),
            (#"{"d":{"x":null,"y":{"z":""}}}"#, #"{"d":{"y":{}}}"#),
            (#"{"l":[null,"",[],{},0,false,"x"]}"#, #"{"l":[{},"0","false","x"]}"#),
            (#"{"l":[""],"m":[[null]]}"#, #"{"l":[],"m":[[]]}"#),
            (
                #"{"n":[1.50,100.00,1e2,-0,12345678901234567890.10]}"#,
                #"{"n":["1.50","100.00","1e2","-0","12345678901234567890.10"]}"#
            ),
            (#"{"s":" a\/b\u00e9\u007f\u0001\n\"\\ "}"#, "{\"s\":\" a/bé\u{7F}\\u0001\\n\\\"\\\\ \"}"),
        ])
    func rules(text: String, expected: String) throws {
        #expect(try CanonicalFormTests.canonical(text, .envelope(.codePoint)) == expected)
    }

    @Test("The two orders differ where a capital meets a small letter, and ties stay by code point")
    func orders() throws {
        let text = #"{"ab":1,"aB":2,"AB":3,"b":4,"C":5,"a_":6,"a[":7,"aA":8}"#
        #expect(
            try CanonicalFormTests.canonical(text, .envelope(.codePoint))
                == #"{"AB":"3","C":"5","aA":"8","aB":"2","a[":"7","a_":"6","ab":"1","b":"4"}"#)
        #expect(
            try CanonicalFormTests.canonical(text, .envelope(.caseInsensitive))
                == #"{"a[":"7","a_":"6","aA":"8","AB":"3","aB":"2","ab":"1","b":"4","C":"5"}"#)
    }
}
