import HTTPTypes
import RequestSigning

/// The platform over SOAP 1.1 (docs/formats/platform-soap.md): fsi envelopes inside the operation `Transact`.
public final class SOAPPlatform: Platform {
    public let site: FsiSite
    private let options: TransportOptions
    private let http: PlatformHTTP

    /// - Throws: `malformed_field` as ``RESTPlatform/init(site:options:)``, and for a profile that signs JSON in
    ///   the body of HTTP, where XML stands here.
    public init(site: FsiSite, options: TransportOptions) throws(FsiError) {
        if options.signature?.place == .fieldsOverJSON {
            throw FsiError(.malformedField, field: "signature", "the profile can't sign XML")
        }
        self.site = site
        self.options = options
        http = try PlatformHTTP(options, baseURL: site.baseURL)
    }

    /// Ends all connections; no call may follow.
    public func shutDown() async throws { try await http.shutDown() }

    public func carry(_ call: PlatformCall) async throws(PlatformFailure) -> PlatformAnswer {
        var head = HTTPRequest(method: .post, scheme: "https", authority: nil, path: target)
        var json = try FsiEnvelope.encode(call, site: site, now: options.clock())
        if let signature = options.signature, signature.place == .body || signature.place == .bodyAndField {
            let signed = try signature.sign(HTTPMessage(head, body: json), now: options.clock())
            (head, json) = (signed.head, signed.body)
        }
        head.headerFields[.contentType] = "text/xml; charset=utf-8"
        head.headerFields[.accept] = "text/xml"
        if let name = HTTPField.Name("SOAPAction") {
            head.headerFields[name] = "\"\(SOAPWriting.namespace)#Transact\""
        }
        let body: [UInt8]
        do {
            body = try SOAPRequest(infno: call.infno, body: json).encode()
        } catch {
            throw .notSent(.badRequest, detail: error.sentence)
        }
        // SOAP 1.1 §6.2 sends every fault with the status 500.
        let reply = try await http.send(
            HTTPMessage(head, body: body), url: site.baseURL + site.soapPath,
            signature: options.signature?.place == .fields ? options.signature : nil, passing: 500)
        return try answer(in: reply)
    }

    private func answer(in reply: PlatformHTTP.Reply) throws(PlatformFailure) -> PlatformAnswer {
        let result: Result<SOAPResponse, SOAPFault>
        do {
            result = try SOAPResponse.parse(reply.body)
        } catch {
            if reply.status == 500 {
                throw .unknown(.serverError, detail: "the platform answered HTTP 500")
            }
            throw .unknown(.unreadableAnswer, detail: error.sentence)
        }
        switch result {
        case .failure(let fault):
            if fault.isUnauthorized, let token = reply.credential { options.credentialRefused?(token) }
            throw fault.failure
        case .success(let response):
            let body = try options.signature?.open(response.body, now: options.clock()) ?? response.body
            do {
                return try PlatformAnswer(fsi: body)
            } catch {
                throw .unknown(.unreadableAnswer, detail: error.sentence)
            }
        }
    }

    private var target: String {
        let behindScheme = (site.baseURL + site.soapPath).dropFirst("https://".count)
        return behindScheme.firstIndex(of: "/").map { String(behindScheme[$0...]) } ?? "/"
    }
}

extension PlatformSignature.Place: Equatable {}
