import Foundation
import XMLCoder

/// The request of the SOAP service's only operation, `Transact` (docs/formats/platform-soap.md).
public struct SOAPRequest: Sendable, Hashable {
    public var infno: String
    /// The fsi envelope's JSON.
    public var body: [UInt8]

    public init(infno: String, body: [UInt8]) {
        self.infno = infno
        self.body = body
    }

    public func encode() throws(FsiError) -> [UInt8] {
        try SOAPText.encode(
            SOAPWriting.Envelope(
                body: SOAPWriting.Body(
                    transact: SOAPWriting.Transact(infno: infno, body: try SOAPText.content(body)))))
    }

    /// Reads a request. Entries of its `Header` are ignored.
    ///
    /// - Throws: ``SOAPFault``, which is the answer then.
    public init(parsing bytes: [UInt8]) throws(SOAPFault) {
        let body: SOAPReading.Body
        do {
            body = try SOAPText.body(bytes)
        } catch {
            throw SOAPFault(
                error.field == "version" ? .versionMismatch : .client, error.sentence,
                detailCode: error.code.rawValue)
        }
        guard let transact = body.transact, let infno = transact.infno, let text = transact.body else {
            throw SOAPFault(
                .client, "the body holds no Transact with infno and body", detailCode: "missing_field")
        }
        guard transact.format ?? "json" == "json" else {
            throw SOAPFault(.client, "the format is json", detailCode: "malformed_field")
        }
        self.init(infno: infno.trimmed, body: Array(text.utf8))
    }
}
