/// The answer of `Transact`.
public struct SOAPResponse: Sendable, Hashable {
    /// The fsi answer's JSON.
    public var body: [UInt8]

    public init(body: [UInt8]) { self.body = body }

    public func encode() throws(FsiError) -> [UInt8] {
        try SOAPText.encode(
            SOAPWriting.Envelope(
                body: SOAPWriting.Body(
                    response: SOAPWriting.TransactResponse(body: try SOAPText.content(body)))))
    }

    /// Reads an answer or a fault.
    ///
    /// - Throws: `FsiError` `invalid_xml`, `too_large`.
    public static func parse(_ bytes: [UInt8]) throws(FsiError) -> Result<SOAPResponse, SOAPFault> {
        let body = try SOAPText.body(bytes)
        if let fault = body.fault { return .failure(SOAPFault(fault)) }
        guard let text = body.response?.body else {
            throw FsiError(.invalidXML, field: "TransactResponse.body", "the answer has none")
        }
        return .success(SOAPResponse(body: Array(text.utf8)))
    }
}
