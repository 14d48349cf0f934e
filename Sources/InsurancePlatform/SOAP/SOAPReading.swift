/// The elements as they are read: by their local names, whatever prefixes the other side chose.
enum SOAPReading {
    struct Envelope: Decodable {
        var body: Body?

        enum CodingKeys: String, CodingKey { case body = "Body" }
    }

    struct Body: Decodable {
        var transact: Transact?
        var response: TransactResponse?
        var fault: Fault?

        enum CodingKeys: String, CodingKey {
            case transact = "Transact"
            case response = "TransactResponse"
            case fault = "Fault"
        }
    }

    struct Transact: Decodable {
        var infno: String?
        var format: String?
        var body: String?
    }

    struct TransactResponse: Decodable {
        var body: String?
    }

    struct Fault: Decodable {
        var faultcode: String?
        var faultstring: String?
        var detail: Detail?
    }

    struct Detail: Decodable {
        var code: String?
    }
}
