import XMLCoder

/// The elements as they are written: with prefixes, so that every toolkit finds its namespaces.
enum SOAPWriting {
    static let soapNamespace = "http://schemas.xmlsoap.org/soap/envelope/"
    static let namespace = "urn:hufu:platform:1"

    struct Envelope: Encodable, DynamicNodeEncoding {
        var soap = SOAPWriting.soapNamespace
        var own = SOAPWriting.namespace
        var body: Body

        enum CodingKeys: String, CodingKey {
            case soap = "xmlns:soapenv"
            case own = "xmlns:p"
            case body = "soapenv:Body"
        }

        static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
            key.stringValue.hasPrefix("xmlns:") ? .attribute : .element
        }
    }

    struct Body: Encodable {
        var transact: Transact?
        var response: TransactResponse?
        var fault: Fault?

        enum CodingKeys: String, CodingKey {
            case transact = "p:Transact"
            case response = "p:TransactResponse"
            case fault = "soapenv:Fault"
        }
    }

    struct Transact: Encodable {
        var infno: String
        var format = "json"
        var body: String

        enum CodingKeys: String, CodingKey {
            case infno = "p:infno"
            case format = "p:format"
            case body = "p:body"
        }
    }

    struct TransactResponse: Encodable {
        var body: String

        enum CodingKeys: String, CodingKey { case body = "p:body" }
    }

    /// Its children have no namespace (SOAP 1.1 §4.4).
    struct Fault: Encodable {
        var faultcode: String
        var faultstring: String
        var detail: Detail

        init(_ fault: SOAPFault) {
            faultcode = "soapenv:\(fault.code.rawValue)"
            faultstring = fault.message
            detail = Detail(code: fault.detailCode)
        }
    }

    struct Detail: Encodable {
        var code: String

        enum CodingKeys: String, CodingKey { case code = "p:code" }
    }
}
