import Crypto
import HTTPTypes

extension Profile {
    /// csb: `_api_name`, `_api_version`, `_api_access_key` (the key id), `_api_timestamp` (seconds at some
    /// sites, milliseconds at others; told apart by the digits), and `_api_signature`, the Base64 of
    /// HMAC-SHA1 under the key's secret (section C).
    ///
    /// Signed are the other four fields and the parameters of the query and of a form body, decoded, as `k=v`
    /// sorted by name and joined with `&`, which a value may hold too: the scheme can't tell. The method, the
    /// path and any other body aren't signed, and there is no nonce: one signature is one call, whatever else is
    /// sent with it.
    public static let csb = Profile(
        id: "csb", timeForm: .secondsOrMilliseconds, hasNonce: false, keyKinds: [.secret],
        scheme: SortedPairs())
}

private struct SortedPairs: SigningScheme {
    func recognizes(_ message: HTTPMessage) -> Bool {
        message.head.headerFields.contains { $0.name.canonicalName.hasPrefix("_api_") }
    }

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        let fields = message.head.headerFields
        let keyID = try KeyIdentifier.check(fields.text("_api_access_key"), in: "_api_access_key")
        let text = try UnixTime.present(fields.text("_api_timestamp"), in: "_api_timestamp")
        let seconds = UnixTime.number(text, digits: 1...11)
        guard let time = seconds.map({ $0 * 1000 }) ?? UnixTime.number(text, digits: 13...13) else {
            throw SigningRefusal(.timestampNotANumber, "_api_timestamp isn't unix seconds or milliseconds.")
        }
        return PresentedSignature(
            profile: profile, keyID: keyID, time: time, timeText: text, isWholeSeconds: seconds != nil,
            nonce: nil,
            signature: try SignatureText.base64(fields.text("_api_signature"), in: "_api_signature"))
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        SignedContent(
            bytes: try Self.text(message, keyID: presented.keyID, time: presented.timeText, limits),
            travels: .bytes(message.body))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        guard case .secret(let secret) = key.material else { throw DueSignature.unfit }
        guard presented.signature.count == Insecure.SHA1.byteCount else {
            throw .malformedSignature("20 bytes of HMAC-SHA1")
        }
        return HMAC<Insecure.SHA1>.isValidAuthenticationCode(
            presented.signature, authenticating: content.bytes, using: secret.key)
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        try Self.text(due.message, keyID: due.key.id, time: Self.time(due), due.limits)
    }

    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        guard case .secret(let secret) = due.key.material else { throw DueSignature.unfit }
        let mac = HMAC<Insecure.SHA1>.authenticationCode(for: try signedBytes(due), using: secret.key)
        var message = due.message
        message.head.headerFields.set("_api_access_key", due.key.id)
        message.head.headerFields.set("_api_timestamp", Self.time(due))
        message.head.headerFields.set("_api_signature", SignatureText.base64(Array(mac)))
        return message
    }

    private static func time(_ due: DueSignature) -> String {
        String(due.options.resolution == .seconds ? due.seconds : due.time)
    }

    private static func text(
        _ message: HTTPMessage, keyID: String, time: String, _ limits: JSONLimits
    ) throws(SigningRefusal) -> [UInt8] {
        var pairs = [("_api_access_key", keyID), ("_api_timestamp", time)]
        for name in ["_api_name", "_api_version"] {
            guard let value = message.head.headerFields.text(name) else {
                throw SigningRefusal(
                    .componentMissing, "The request has no \(name), which the signature covers.")
            }
            pairs.append((name, value))
        }
        for parameters in try [query(message, limits), form(message, limits)] {
            pairs += parameters.root.members.map { ($0.name, $0.value.string ?? "") }
        }
        pairs.sort { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        if let twice = zip(pairs, pairs.dropFirst()).first(where: { $0.0.utf8.elementsEqual($1.0.utf8) })?.0.0
        {
            throw SigningRefusal(.duplicateKey, "The parameter \(twice) occurs twice.")
        }
        return Array(pairs.map { "\($0)=\($1)" }.joined(separator: "&").utf8)
    }

    private static func query(_ message: HTTPMessage, _ limits: JSONLimits) throws(SigningRefusal)
        -> JSONDocument
    {
        try JSONDocument(query: message.query, limits: limits)
    }

    private static func form(_ message: HTTPMessage, _ limits: JSONLimits) throws(SigningRefusal)
        -> JSONDocument
    {
        let type = message.head.headerFields.text("content-type")?.lowercased() ?? ""
        guard type.hasPrefix("application/x-www-form-urlencoded") else { return try JSONDocument(query: "") }
        guard let text = String(validating: message.body, as: UTF8.self) else {
            throw SigningRefusal(.invalidUTF8, "The form isn't UTF-8.")
        }
        return try JSONDocument(query: text, limits: limits)
    }
}
