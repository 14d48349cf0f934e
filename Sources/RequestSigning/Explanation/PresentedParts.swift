internal import HTTPTypes

/// What a request presents, read without judging it: as much as is there, in whatever form.
struct PresentedParts: Sendable {
    var keyID: String?
    var time: String?
    var nonce: String?
    var signature: String?

    init(_ message: HTTPMessage, profile: String) {
        switch profile {
        case "tif": readTIF(message)
        case "csb": readCSB(message)
        case "envelope": readEnvelope(message)
        case "fsi-sm": readFSI(message)
        case "rfc9421": readMessageSignature(message)
        default:
            keyID = message.field("X-Key-Id")
            time = message.field("X-Timestamp")
            nonce = message.field("X-Nonce")
            signature = message.field("X-Signature")
        }
    }

    private mutating func readTIF(_ message: HTTPMessage) {
        let family = ["x-tif-", "x-rio-"].first { message.field($0 + "paasid") != nil } ?? "x-tif-"
        keyID = message.field(family + "paasid")
        time = message.field(family + "timestamp")
        nonce = message.field(family + "nonce")
        signature = message.field(family + "signature")
    }

    private mutating func readCSB(_ message: HTTPMessage) {
        keyID = message.field("_api_access_key")
        time = message.field("_api_timestamp")
        signature = message.field("_api_signature")
    }

    private mutating func readEnvelope(_ message: HTTPMessage) {
        guard let body = try? JSONDocument(parsing: message.body) else { return }
        keyID = body["appId"]?.string
        time = body["timestamp"].flatMap { $0.string ?? $0.numberText }
        signature = body["signData"]?.string
    }

    private mutating func readFSI(_ message: HTTPMessage) {
        keyID = message.field("X-Key-Id")
        guard let body = try? JSONDocument(parsing: message.body) else { return }
        time = body["inf_time"]?.string
        signature = body["cainfo"]?.string
    }

    private mutating func readMessageSignature(_ message: HTTPMessage) {
        guard let presented = try? MessageSignature.all(in: message.head.headerFields).first else {
            let input = SignatureInput.first(in: message.head.headerFields)
            keyID = input?.keyID
            time = input?.created.map(String.init)
            nonce = input?.nonce
            return
        }
        keyID = presented.parameters.keyID
        time = presented.parameters.created.map(String.init)
        nonce = presented.parameters.nonce
        signature = SignatureText.base64(presented.bytes)
    }
}

extension HTTPMessage {
    /// A field's value, by its name in whatever case; several of one name are joined.
    func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { head.headerFields[$0] } }
}
