import Foundation
import InsurancePlatform
import Testing

@Suite("SOAP messages")
struct SOAPTests {
    private static let json = #"{"a":"<5 & > \"陈\" ]]> \n","b":[1.50],"c":"'"}"#

    private static func request(_ body: String, prefix: String = "") -> [UInt8] {
        Array(
            """
            \(prefix)<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:hufu:platform:1">
              <s:Header><t:Trace xmlns:t="urn:other">1</t:Trace></s:Header>
              <s:Body>
                <Transact>
                  <infno> 2207 </infno>
                  <format>json</format>
                  <body>\(body)</body>
                </Transact>
              </s:Body>
            </s:Envelope>
            """.utf8)
    }

    @Test("come back as they were written")
    func roundTrip() throws {
        let request = SOAPRequest(infno: "2207", body: Array(Self.json.utf8))
        #expect(try SOAPRequest(parsing: request.encode()) == request)
        let response = SOAPResponse(body: Array(Self.json.utf8))
        #expect(try SOAPResponse.parse(response.encode()) == .success(response))
        let fault = SOAPFault(.client, "字段 <msgid> & so on", detailCode: "missing_field")
        #expect(try SOAPResponse.parse(fault.encode()) == .failure(fault))
    }

    @Test("of other toolkits are read, whatever their prefixes")
    func foreign() throws {
        let escaped = Self.json.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing("]]>", with: "]]&gt;")
        let prefix = #"<?xml version="1.0" encoding="utf-8"?>"# + "\n<!-- a comment -->"
        let request = try SOAPRequest(parsing: Self.request(escaped, prefix: prefix))
        #expect(request.infno == "2207" && String(decoding: request.body, as: UTF8.self) == Self.json)
        let inside = #"{"a":"<5"}"#
        #expect(try SOAPRequest(parsing: Self.request("<![CDATA[\(inside)]]>")).body == Array(inside.utf8))
    }

    @Test("hold what XML has no way to write as JSON's escapes")
    func noncharacters() throws {
        let request = SOAPRequest(infno: "2207", body: Array("[\"\u{FFFE}\u{FFFF}\u{FFFD}\"]".utf8))
        #expect(try SOAPRequest(parsing: request.encode()).body == Array("[\"\\ufffe\\uffff\u{FFFD}\"]".utf8))
    }

    @Test("can be read by another implementation")
    func outside() throws {
        let request = SOAPRequest(infno: "2207", body: Array(Self.json.utf8))
        let wsdl = PlatformWSDL.text(endpoint: "https://platform.test/soap?a=1&b=2")
        let fault = try SOAPFault(.server, "broken", detailCode: "server_error").encode()
        let script = """
            import sys, json, xml.etree.ElementTree as E
            data = json.load(sys.stdin)
            soap, own = "{http://schemas.xmlsoap.org/soap/envelope/}", "{urn:hufu:platform:1}"
            root = E.fromstring(data["request"])
            call = root.find(f"{soap}Body/{own}Transact")
            assert root.tag == soap + "Envelope" and call.find(own + "infno").text == "2207"
            assert json.loads(call.find(own + "body").text) == json.loads(data["json"])
            fault = E.fromstring(data["fault"]).find(f"{soap}Body/{soap}Fault")
            assert fault.find("faultcode").text == "soapenv:Server", E.tostring(fault)
            assert fault.find(f"detail/{own}code").text == "server_error"
            w = "{http://schemas.xmlsoap.org/wsdl/}"
            wsdl = E.fromstring(data["wsdl"])
            assert wsdl.find(f"{w}portType/{w}operation").get("name") == "Transact"
            address = wsdl.find(f"{w}service/{w}port/{{http://schemas.xmlsoap.org/wsdl/soap/}}address")
            assert address.get("location") == "https://platform.test/soap?a=1&b=2"
            """
        let input: ExactJSON = [
            "request": .string(String(decoding: try request.encode(), as: UTF8.self)),
            "json": .string(Self.json),
            "wsdl": .string(wsdl), "fault": .string(String(decoding: fault, as: UTF8.self)),
        ]
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardInput = pipe
        try process.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.text()))
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("with declarations, instructions or bombs are refused")
    func dangerous() {
        let entity = #"<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>"#
        let deep = String(repeating: "<a>", count: 100_000)
        let dangerous: [[UInt8]] = [
            Self.request("&e;", prefix: entity), Self.request("x", prefix: "<!doctype x>"),
            Self.request("x", prefix: #"<?xml version="1.0"?><?php x?>"#), Self.request(deep),
            Self.request("x", prefix: #"<?xml version="1.0" encoding="UTF-16"?>"#),
            Array(
                String(decoding: Self.request("x"), as: UTF8.self).utf16.flatMap {
                    [UInt8($0 & 255), UInt8($0 >> 8)]
                }),
            Self.request("x") + [0xFF], Self.request("<![CDATA["), [UInt8](repeating: 32, count: 17 << 20),
        ]
        for bytes in dangerous {
            #expect { try SOAPRequest(parsing: bytes) } throws: { ($0 as? SOAPFault)?.code == .client }
        }
    }

    @Test("of another kind are refused with the right fault")
    func refused() throws {
        let text = String(decoding: Self.request("{}"), as: UTF8.self)
        let newer = text.replacing(
            "http://schemas.xmlsoap.org/soap/envelope/", with: "http://www.w3.org/2003/05/soap-envelope")
        #expect { try SOAPRequest(parsing: Array(newer.utf8)) } throws: {
            ($0 as? SOAPFault)?.code == .versionMismatch
        }
        for (part, other) in [
            ("Transact>", "Other>"), ("infno>", "no>"), ("json<", "xml<"), ("s:Body", "s:Boy"),
        ] {
            let changed = Array(text.replacing(part, with: other).utf8)
            #expect("\(part)") { try SOAPRequest(parsing: changed) } throws: {
                ($0 as? SOAPFault)?.code == .client
            }
        }
        #expect(throws: FsiError.self) { try SOAPResponse.parse(Array("<html><body>502</body></html>".utf8)) }
        #expect(throws: FsiError.self) { try SOAPResponse.parse([]) }
    }
}
