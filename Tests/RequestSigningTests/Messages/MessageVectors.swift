import Foundation
import HTTPTypes
import RequestSigning
import Testing

/// The examples of RFC 9421 and RFC 9530.
struct MessageVectors: Decodable, Sendable {
    struct Key: Decodable, Sendable {
        let algorithm: String
        let `public`: String?
        let `private`: String?
        /// The RSA key in PKCS#1 form, for libraries that don't know the PSS object identifier.
        let pkcs1: String?
        let secret: String?
    }

    struct Message: Decodable, Sendable {
        let method: String?
        let target: String?
        let status: Int?
        let scheme: String?
        let fields: [[String]]
        let body: String?

        /// The fields as an HTTP server would hand them on: Host is the request's authority.
        var headerFields: HTTPFields {
            var result = HTTPFields()
            for field in fields where field[0] != "Host" {
                guard let name = HTTPField.Name(field[0]) else { continue }
                result.append(HTTPField(name: name, value: field[1]))
            }
            return result
        }

        var request: HTTPRequest {
            HTTPRequest(
                method: HTTPRequest.Method(method ?? "") ?? .get, scheme: scheme ?? "https",
                authority: fields.first { $0[0] == "Host" }?[1], path: target, headerFields: headerFields)
        }

        var response: HTTPResponse? {
            status.map { HTTPResponse(status: .init(code: $0), headerFields: headerFields) }
        }
    }

    struct Signature: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let message: Message
        let label: String
        let key: String
        let input: String
        let signature: String
        let base: String
        let valid: Bool
        var testDescription: String { name }

        /// The message's fields with those of the signature.
        var signedFields: HTTPFields {
            var fields = message.headerFields
            fields[.signatureInput] = "\(label)=\(input)"
            fields[.signature] = "\(label)=:\(signature):"
            return fields
        }

        /// The signature base of the message with these parameters.
        func signatureBase(_ parameters: SignatureParameters) throws -> SignatureBase {
            if let response = message.response { return try SignatureBase(parameters, of: response) }
            return try SignatureBase(parameters, of: message.request)
        }
    }

    struct Components: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let message: Message
        let lines: [String]
        let kinds: [String: String]
        var testDescription: String { name }
    }

    struct Digest: Decodable, Sendable, CustomTestStringConvertible {
        let source: String
        let body: String
        let algorithm: String
        let digest: String
        var testDescription: String { "\(source) \(algorithm)" }
    }

    let keys: [String: Key]
    let signatures: [Signature]
    let components: [Components]
    let digests: [Digest]

    static let all: MessageVectors? = {
        let file = Bundle.module.bundleURL.appending(path: "Vectors/rfc9421.json")
        return try? JSONDecoder().decode(MessageVectors.self, from: Data(contentsOf: file))
    }()

    static func signature(_ name: String) throws -> Signature {
        try #require(all?.signatures.first { $0.name == name })
    }

    static func key(_ name: String) throws -> Key { try #require(all?.keys[name]) }
}

extension HTTPField.Name {
    static let signatureInput = name("Signature-Input")
    static let signature = name("Signature")
    static let contentDigest = name("Content-Digest")

    static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("no field name") }
        return name
    }
}
