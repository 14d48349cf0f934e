/// A SOAP 1.1 fault (§4.4).
public struct SOAPFault: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The message is at fault, and nothing was carried out.
        case client = "Client"
        /// The server is; whether the call was carried out isn't known.
        case server = "Server"
        case versionMismatch = "VersionMismatch"
        case mustUnderstand = "MustUnderstand"
    }

    public var code: Code
    /// English, one sentence without personal values.
    public var message: String
    /// `detail/code`: a stable code, such as `unauthorized` or `missing_field`.
    public var detailCode: String

    public init(_ code: Code, _ message: String, detailCode: String) {
        self.code = code
        self.message = message
        self.detailCode = detailCode
    }

    public func encode() throws(FsiError) -> [UInt8] {
        try SOAPText.encode(SOAPWriting.Envelope(body: SOAPWriting.Body(fault: SOAPWriting.Fault(self))))
    }

    /// A fault code that isn't known reads as `Server`, which promises nothing.
    init(_ fault: SOAPReading.Fault) {
        let name = (fault.faultcode ?? "").trimmed
        let local = name.split(separator: ":").last.map(String.init) ?? ""
        // SOAP 1.1 lets codes be refined behind a dot: Client.Authentication.
        let first = local.split(separator: ".").first.map(String.init) ?? ""
        self.init(
            Code(rawValue: first) ?? .server, (fault.faultstring ?? "").trimmed,
            detailCode: (fault.detail?.code ?? "").trimmed)
    }

    /// The credential or the signature isn't accepted.
    var isUnauthorized: Bool { code == .client && detailCode == "unauthorized" }

    /// What it means for the call.
    var failure: PlatformFailure {
        switch code {
        case .server: .unknown(.serverError, detail: "the platform answered a SOAP fault: Server")
        case .client where isUnauthorized:
            .notSent(.unauthorized, detail: "the platform refused the credential or the signature")
        default: .notSent(.rejected, detail: "the platform answered a SOAP fault: \(code.rawValue)")
        }
    }
}
