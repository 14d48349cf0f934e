import HTTPTypes

/// What v3.x and gm share: `X-Key-Id`, `X-Timestamp` (unix seconds), `X-Nonce`, and `X-Signature`, the Base64
/// of a signature over `<unix seconds>|<nonce>|<canonical business parameters>` (section A of the wire
/// formats).
///
/// The parameters are the members of the body's object and those of the query, as strings; no body and no
/// query are an empty object. Names count in snake_case. Neither the method nor the path is signed: whoever
/// holds a request could send it to another path once, so admission has to check the scope, and the nonce.
struct SignedTriple: SigningScheme {
    let form: CanonicalForm
    let algorithm: any TripleAlgorithm

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        var keyID: String?
        var time: String?
        var nonce: String?
        var signature: String?
        for field in message.head.headerFields {
            switch field.name.canonicalName {
            case "x-key-id": Self.join(&keyID, field.value)
            case "x-timestamp": Self.join(&time, field.value)
            case "x-nonce": Self.join(&nonce, field.value)
            case "x-signature": Self.join(&signature, field.value)
            default: break
            }
        }
        let seconds = try UnixTime.seconds(time, in: "X-Timestamp")
        try Nonce.check(nonce ?? "")
        return PresentedSignature(
            profile: profile, keyID: try KeyIdentifier.check(keyID, in: "X-Key-Id"), time: seconds * 1000,
            timeText: time ?? "", isWholeSeconds: true, nonce: nonce,
            signature: try SignatureText.base64(signature, in: "X-Signature"))
    }

    /// A field in two lines is one list; none of these fields is a list, so their forms refuse it.
    private static func join(_ text: inout String?, _ line: String) {
        text = text.map { $0 + ", " + line } ?? line
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        let parameters = try BusinessParameters(of: message, limits: limits)
        let text = try text(presented.timeText, presented.nonce ?? "", parameters.all)
        return SignedContent(
            bytes: text, parameters: parameters.all,
            travels: parameters.body.map { .document($0) } ?? .bytes([]))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        try algorithm.isValid(presented.signature, for: content.bytes, key: key.material)
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        let parameters = try BusinessParameters(of: due.message, limits: due.limits)
        return try text(String(due.seconds), due.nonce, parameters.all)
    }

    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        let parameters = try BusinessParameters(of: due.message, limits: due.limits)
        let text = try text(String(due.seconds), due.nonce, parameters.all)
        let signature = try algorithm.signature(for: text, key: due.key.material)
        var message = due.message
        message.body = try parameters.sentBody(of: message)
        message.head.headerFields.set("X-Key-Id", due.key.id)
        message.head.headerFields.set("X-Timestamp", String(due.seconds))
        message.head.headerFields.set("X-Nonce", due.nonce)
        message.head.headerFields.set("X-Signature", SignatureText.base64(signature))
        return message
    }

    private func text(
        _ seconds: String, _ nonce: String, _ parameters: JSONDocument
    ) throws(SigningRefusal) -> [UInt8] {
        let canonical = try parameters.canonical(form)
        var text: [UInt8] = []
        text.reserveCapacity(seconds.utf8.count + nonce.utf8.count + canonical.count + 2)
        text.append(contentsOf: seconds.utf8)
        text.append(UInt8(ascii: "|"))
        text.append(contentsOf: nonce.utf8)
        text.append(UInt8(ascii: "|"))
        text.append(contentsOf: canonical)
        return text
    }
}
