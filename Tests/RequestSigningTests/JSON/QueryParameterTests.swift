import RequestSigning
import Testing

@Suite struct QueryParameterTests {
    @Test(
        "A query is an object of strings",
        arguments: [
            ("", "{}"), ("&&", "{}"), ("cardNo=1", #"{"cardNo":"1"}"#), ("b=2&a=1", #"{"b":"2","a":"1"}"#),
            ("a", #"{"a":""}"#), ("a=", #"{"a":""}"#), ("=a", #"{"":"a"}"#), ("a=b=c", #"{"a":"b=c"}"#),
            ("a=1+2%2B3%203", #"{"a":"1 2+3 3"}"#), ("n=%E5%BC%a0张", #"{"n":"张张"}"#),
            ("%61%3D=%26", #"{"a=":"&"}"#),
            ("a=%0A%22%5C%7F", "{\"a\":\"\\n\\\"\\\\\u{7F}\"}"), ("a=%2525", #"{"a":"%25"}"#),
            ("a=1;b=2", #"{"a":"1;b=2"}"#),
            ("a=true&b=1.0", #"{"a":"true","b":"1.0"}"#),
        ])
    func parameters(query: String, expected: String) throws {
        let document = try JSONDocument(query: query)
        #expect(document.isObject)
        #expect(String(decoding: document.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "A query that can't be read is refused",
        arguments: [
            ("a=%", SigningRefusal.Code.invalidQuery), ("a=%4", .invalidQuery), ("a=%4&b", .invalidQuery),
            ("a=%zz", .invalidQuery), ("a=%-1", .invalidQuery), ("%E4=1", .invalidUTF8),
            ("a=%D5%C5", .invalidUTF8),
            ("a=%ED%A0%80", .invalidUTF8), ("a=1&a=1", .duplicateKey), ("a=1&%61=2", .duplicateKey),
            ("&&a&a", .duplicateKey),
        ])
    func refusals(query: String, code: SigningRefusal.Code) {
        do throws(SigningRefusal) {
            _ = try JSONDocument(query: query)
            Issue.record("\(query) was accepted")
        } catch {
            #expect(error.code == code)
        }
    }

    @Test("A query is held to the limit of bytes")
    func limit() throws {
        _ = try JSONDocument(query: "a=12", limits: JSONLimits(bytes: 4))
        do throws(SigningRefusal) {
            _ = try JSONDocument(query: "a=123", limits: JSONLimits(bytes: 4))
            Issue.record("five bytes were accepted")
        } catch {
            #expect(error.code == .bodyTooLarge)
        }
    }

    @Test("Parameters are stripped, converted and sorted like a body's")
    func canonical() throws {
        let document = try JSONDocument(query: "psnNo=+1%E3%80%80&cardNo=%E5%BC%A0%7F").convertingNames(
            to: .snakeCase)
        #expect(
            String(decoding: try document.canonical(.python), as: UTF8.self)
                == #"{"card_no":"\u5f20\u007f","psn_no":"1"}"#)
        #expect(
            String(decoding: try document.canonical(.jcs), as: UTF8.self)
                == "{\"card_no\":\"张\u{7F}\",\"psn_no\":\"1\"}")
    }
}
