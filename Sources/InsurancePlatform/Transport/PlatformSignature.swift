public import HTTPTypes
public import RequestSigning

/// How requests to the platform are signed, and its answers verified.
public struct PlatformSignature: Sendable {
    public let signer: RequestSigner
    /// The platform's key of the profile `envelope`, whose answers are enveloped too; nil where they come plain.
    public let answerKey: VerificationKey?
    /// What the signature covers beside the body and what the profile writes, such as `_api_name` of `csb`.
    public let fields: HTTPFields
    private let times = SigningTimes()

    public init(_ signer: RequestSigner, answerKey: VerificationKey? = nil, fields: HTTPFields = [:]) {
        self.signer = signer
        self.answerKey = answerKey
        self.fields = fields
    }

    /// Where a profile puts its signature.
    enum Place {
        /// Into fields of HTTP, whatever the body is.
        case fields
        /// Into fields of HTTP, over a body that must be JSON.
        case fieldsOverJSON
        /// Into a JSON body, which any transport can carry.
        case body
        /// Into a JSON body, with the key's name in a field of HTTP.
        case bodyAndField
    }

    var place: Place {
        switch signer.profile {
        case .tif, .csb, .rfc9421: .fields
        case .envelope: .body
        case .fsiSM: .bodyAndField
        default: .fieldsOverJSON
        }
    }

    /// Signs with the time of this moment and a nonce of its own.
    func sign(_ message: HTTPMessage, now: Int64) throws(PlatformFailure) -> HTTPMessage {
        var message = message
        for field in fields { message.head.headerFields[field.name] = field.value }
        do {
            return try signer.sign(
                message, at: times.next(now, for: signer),
                nonce: signer.profile.hasNonce ? Nonce.fresh() : "")
        } catch {
            throw .notSent(.badRequest, detail: "the request can't be signed: \(error.code.rawValue)")
        }
    }

    /// The fsi answer inside an enveloped one; the answer itself where they come plain.
    func open(_ body: [UInt8], now: Int64) throws(PlatformFailure) -> [UInt8] {
        guard let answerKey else { return body }
        let message = HTTPMessage(
            HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/"), body: body)
        do {
            return try RequestVerifier(.envelope).verify(message, now: now, key: answerKey).content.body
        } catch {
            throw .unknown(
                .unreadableAnswer, detail: "the answer's envelope can't be verified: \(error.code.rawValue)")
        }
    }
}
