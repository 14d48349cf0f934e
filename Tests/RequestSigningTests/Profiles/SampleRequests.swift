import Crypto
import CryptoExtras
import HTTPTypes
import RequestSigning
import ShangMi
import Testing

/// Requests and keys the profile tests share; everything in them is made up.
enum SampleRequests {
    static let seconds: Int64 = 1_700_000_000
    static let now = seconds * 1000
    static let nonce = "abcdefghijklmnopqrstuvwx"
    static let clientID = "client-0123456-7"
    static let body = Array(
        #"{"cardNo":" 6222 ","amt":100.00,"list":[{"b":1,"aB":"张三"}],"flag":true,"none":null}"#.utf8)
    static let fsiBody = Array(
        #"{"infno":"1101","msgid":"H1","inf_time":"","fixmedins_code":"H1","input":{"data":{"psn_no":"1","amt":1.50}}}"#
            .utf8)

    static func post(
        _ body: [UInt8], _ target: String = "/v3/insured/status", _ fields: [String: String] = [:]
    )
        throws -> HTTPMessage
    {
        var head = HTTPRequest(method: .post, scheme: "https", authority: "hufu.example", path: target)
        for (name, value) in fields { head.headerFields[try fieldName(name)] = value }
        return HTTPMessage(head, body: body)
    }

    static func fieldName(_ name: String) throws -> HTTPField.Name {
        try #require(HTTPField.Name(name))
    }

    static func get(_ target: String, _ fields: [String: String] = [:]) throws -> HTTPMessage {
        var message = try post([], target, fields)
        message.head.method = .get
        return message
    }

    static func key(for profile: Profile) throws -> SigningKey {
        switch profile {
        case .envelope: SigningKey.generate(for: try terms())
        case .fsiSM: try SigningKey.generate(for: profile, id: clientID)
        default: try SigningKey.generate(for: profile, id: "key-1")
        }
    }

    static func terms(_ order: KeyOrder = .codePoint, _ signer: EnvelopeTerms.Signer = .appSecret) throws
        -> EnvelopeTerms
    {
        try EnvelopeTerms(
            appID: "0123456789ABCDEF0123456789ABCDEF",
            appSecret: SharedSecret("00112233445566778899AABBCCDDEEFF"), keyOrder: order, signer: signer)
    }

    /// What a client of the profile starts from.
    static func plain(for profile: Profile) throws -> HTTPMessage {
        switch profile {
        case .fsiSM: try post(fsiBody, "/fsi/api/fsiPsnInfoService/queryPsnInfo")
        case .csb: try post(body, "/fsi/api", ["_api_name": "hssServives", "_api_version": "1.0.0"])
        default: try post(body)
        }
    }

    static func signed(
        _ profile: Profile, _ key: SigningKey, _ message: HTTPMessage? = nil, at time: Int64 = now,
        options: SigningOptions = SigningOptions()
    ) throws -> HTTPMessage {
        var signed = try RequestSigner(profile, key: key, options: options)
            .sign(message ?? plain(for: profile), at: time, nonce: nonce)
        if ["v3.2.0", "v3.2.1", "v3.3.0", "gm"].contains(profile.id) {
            signed = try signed.with("X-Api-Version", profile.id)
        }
        return signed
    }
}

extension HTTPMessage {
    /// The message with one field set, or taken away.
    func with(_ name: String, _ value: String?) throws -> HTTPMessage {
        var changed = self
        changed.head.headerFields[try SampleRequests.fieldName(name)] = value
        return changed
    }

    func field(named name: String) throws -> String {
        try #require(head.headerFields[SampleRequests.fieldName(name)])
    }

    /// The message with a piece of its body replaced, once.
    func replacing(_ text: String, with other: String) throws -> HTTPMessage {
        let body = String(decoding: self.body, as: UTF8.self)
        try #require(body.contains(text))
        return HTTPMessage(head, body: Array(body.replacing(text, with: other, maxReplacements: 1).utf8))
    }
}
