import Foundation
import XMLCoder

/// XML in and out, with everything refused beforehand that a SOAP message doesn't need and a parser could be
/// harmed by.
enum SOAPText {
    /// 16 MiB, for files that travel in the body.
    static let limit = 16 << 20
    /// How many tags a message may have; ours have seven elements, and headers of toolkits some more.
    private static let tagLimit = 512

    static func encode(_ envelope: SOAPWriting.Envelope) throws(FsiError) -> [UInt8] {
        do {
            let data = try XMLEncoder().encode(
                envelope, withRootKey: "soapenv:Envelope", header: XMLHeader(version: 1.0, encoding: "UTF-8"))
            return Array(data)
        } catch {
            throw FsiError(.invalidXML, "the message can't be written")
        }
    }

    /// JSON as an element's text. U+FFFE and U+FFFF, which XML can't hold, become JSON's escapes: they can stand
    /// in strings only.
    static func content(_ json: [UInt8]) throws(FsiError) -> String {
        guard let text = String(validating: json, as: UTF8.self) else {
            throw FsiError(.invalidJSON, "the body isn't UTF-8")
        }
        guard text.unicodeScalars.contains(where: { $0.value == 0xFFFE || $0.value == 0xFFFF }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.value {
            case 0xFFFE: text += "\\ufffe"
            case 0xFFFF: text += "\\uffff"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    /// The body of a SOAP 1.1 message.
    ///
    /// - Throws: `too_large`, `invalid_xml`; the field is `version` when the message is of another SOAP.
    static func body(_ bytes: [UInt8]) throws(FsiError) -> SOAPReading.Body {
        try check(bytes)
        let decoder = XMLDecoder(trimValueWhitespaces: false, removeWhitespaceElements: true)
        decoder.shouldProcessNamespaces = true
        let envelope: SOAPReading.Envelope
        do {
            envelope = try decoder.decode(SOAPReading.Envelope.self, from: Data(bytes))
        } catch {
            throw FsiError(.invalidXML, "the message isn't well-formed")
        }
        guard let body = envelope.body else { throw FsiError(.invalidXML, "the message has no Body") }
        return body
    }

    private static func check(_ bytes: [UInt8]) throws(FsiError) {
        guard bytes.count <= limit else {
            throw FsiError(.tooLarge, "the message has more than \(limit) bytes")
        }
        // Other encodings could hide from the search below what the parser then sees.
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw FsiError(.invalidXML, "the message isn't UTF-8")
        }
        if text.hasPrefix("<?xml"), let end = text.utf8.firstIndex(of: UInt8(ascii: ">")) {
            let declaration = text[..<end].lowercased()
            guard !declaration.contains("encoding") || declaration.contains("utf-8") else {
                throw FsiError(.invalidXML, "the message's encoding is UTF-8")
            }
        }
        var scanner = MarkupScanner(bytes)
        try scanner.checkMarkup(tagLimit: tagLimit)
        guard text.contains(SOAPWriting.soapNamespace) else {
            throw FsiError(.invalidXML, field: "version", "the message isn't of SOAP 1.1")
        }
        guard scanner.names.contains("Envelope") else {
            throw FsiError(.invalidXML, "the message has no Envelope")
        }
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
