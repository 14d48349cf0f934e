import HTTPTypes
import ShangMi

extension Profile {
    /// fsi-sm: the fsi envelope with `input` encrypted; `X-Key-Id` is the client id, `inf_time` the time,
    /// `cainfo` the Base64 of r ‖ s over the exact bytes of `input`'s JSON, `input` the Base64 of SM4-ECB
    /// with PKCS#7 (section E).
    ///
    /// Only `input` is signed: not the time, the other members, the method or the path, and there is no
    /// nonce. Who can alter a request on its way can send it again once the signature is forgotten, so this
    /// profile needs TLS. What travels on is the envelope with `input` in the clear.
    public static let fsiSM = Profile(
        id: "fsi-sm", timeForm: .chinaTime, hasNonce: false, keyKinds: [.fsi], scheme: SignedInput())
}

private struct SignedInput: SigningScheme {
    private static let ownMembers: Set<String> = ["cainfo", "input", "signtype", "encType"]

    func recognizes(_ message: HTTPMessage) -> Bool {
        ByteSearch.contains("\"cainfo\"", in: message.body)
            && ByteSearch.contains("\"encType\"", in: message.body)
    }

    func read(
        _ message: HTTPMessage, as profile: Profile, limits: JSONLimits
    ) throws(SigningRefusal) -> PresentedSignature {
        let keyID = try KeyIdentifier.check(message.head.headerFields.text("x-key-id"), in: "X-Key-Id")
        let body = try JSONDocument(parsing: message.body, limits: limits)
        guard body.isObject else { throw SigningRefusal(.notAnObject, "An fsi envelope is a JSON object.") }
        let time = try UnixTime.present(body.string(at: "inf_time"), in: "inf_time")
        guard let seconds = ChinaTime.seconds(time) else {
            throw SigningRefusal(
                .timestampMalformed, "inf_time is yyyy-MM-dd HH:mm:ss in China Standard Time.")
        }
        let signature = try SignatureText.base64(body.string(at: "cainfo"), in: "cainfo")
        guard signature.count == 64 else { throw .malformedSignature("the 64 bytes of r and s") }
        guard body.string(at: "encType") == "SM4", let signtype = body.string(at: "signtype"),
            ["SM2", "SM2, SM3", "SM2,SM3"].contains(signtype)
        else {
            throw EnvelopeText.malformed("The envelope's encType is SM4 and its signtype SM2.")
        }
        return PresentedSignature(
            profile: profile, keyID: keyID, time: seconds * 1000, timeText: time, isWholeSeconds: true,
            nonce: nil,
            signature: signature, document: body)
    }

    func content(
        _ presented: PresentedSignature, of message: HTTPMessage, key: VerificationKey, limits: JSONLimits
    ) throws(SigningRefusal) -> SignedContent {
        guard case .fsi(let terms, _) = key.material else { throw DueSignature.unfit }
        let body = try presented.body(of: message, limits: limits)
        guard let base64 = body.string(at: "input"),
            let ciphertext = ByteSequence.decode(Array(base64.utf8)[...])
        else {
            throw EnvelopeText.malformed("The envelope's input is Base64.")
        }
        guard let plain = try? SM4.ECB.decrypt(ciphertext, using: terms.dataKey) else {
            throw EnvelopeText.malformed("The input can't be decrypted with the client's key.")
        }
        let input = try JSONDocument(parsing: plain, limits: limits)
        guard input.isObject else { throw SigningRefusal(.notAnObject, "The input is a JSON object.") }
        var clear = JSONObjectText()
        for (name, value) in body.root.members where !Self.ownMembers.contains(name) {
            clear.append(name, json: value.bytes)
        }
        clear.append("input", json: input.bytes)
        return SignedContent(bytes: plain, parameters: input, travels: .bytes(clear.bytes))
    }

    func isValid(
        _ presented: PresentedSignature, _ content: SignedContent, key: VerificationKey
    ) throws(SigningRefusal) -> Bool {
        guard case .fsi(let terms, let key) = key.material else { throw DueSignature.unfit }
        guard let pair = try? SM2.Signing.Signature(rawRepresentation: presented.signature) else {
            throw .malformedSignature("the 64 bytes of r and s")
        }
        return key.isValidSignature(pair, for: content.bytes.span, userID: terms.userID)
    }

    func signedBytes(_ due: DueSignature) throws(SigningRefusal) -> [UInt8] {
        let body = try JSONDocument(parsing: due.message.body, limits: due.limits)
        guard let input = body["input"], input.kind == .object else {
            throw EnvelopeText.malformed("What is signed is the object in the envelope's input.")
        }
        return input.bytes
    }

    func sign(_ due: DueSignature) throws(SigningRefusal) -> HTTPMessage {
        guard case .fsi(let terms, let key) = due.key.material, due.key.id == terms.clientID else {
            throw DueSignature.unfit
        }
        let input = try signedBytes(due)
        let body = try JSONDocument(parsing: due.message.body, limits: due.limits)
        guard let time = ChinaTime.text(due.seconds) else {
            throw SigningRefusal(.timestampMalformed, "The time lies outside the years 1970 to 9999.")
        }
        guard let ciphertext = try? SM4.ECB.encrypt(input, using: terms.dataKey) else {
            throw SigningRefusal(.keyMalformed, "The client's key can't encrypt.")
        }
        let signature = key.signature(for: input.span, userID: terms.userID)
        var sent = JSONObjectText()
        for (name, value) in body.root.members where !Self.ownMembers.contains(name) && name != "inf_time" {
            sent.append(name, json: value.bytes)
        }
        sent.append("inf_time", string: time)
        sent.append("cainfo", string: SignatureText.base64(signature.rawRepresentation))
        sent.append("signtype", string: "SM2")
        sent.append("encType", string: "SM4")
        sent.append("input", string: SignatureText.base64(ciphertext))
        var message = due.message
        message.head.headerFields.set("X-Key-Id", due.key.id)
        message.body = sent.bytes
        return message
    }

    /// The signature alone: nothing else of the request is covered by it.
    func replayToken(of presented: PresentedSignature, in message: HTTPMessage) -> [UInt8] {
        Array(SM3.hash(presented.signature))
    }
}
