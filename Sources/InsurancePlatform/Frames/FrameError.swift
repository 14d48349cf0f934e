import RequestSigning

/// What a server answers instead of an fsi answer when it can't carry a call on.
public struct FrameError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The body isn't an fsi envelope; nothing was carried out.
        case badRequest = "bad_request"
        /// The credential or the signature isn't accepted; nothing was carried out.
        case unauthorized
        /// The server takes no more at the moment; nothing was carried out.
        case overloaded
        /// Something failed; whether the call was carried out isn't known.
        case serverError = "server_error"
    }

    public var code: Code
    /// English, one sentence without personal values.
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    var body: [UInt8] {
        let object: ExactJSON = ["code": .string(code.rawValue), "message": .string(message)]
        return object.text()
    }

    /// An unknown code reads as `server_error`, which promises nothing.
    init(body: [UInt8]) {
        let object = try? ExactJSON(parsing: body)
        let code = object?["code"]?.string.flatMap(Code.init)
        self.init(code ?? .serverError, object?["message"]?.string ?? "")
    }

    /// What it means for the call.
    var failure: PlatformFailure {
        switch code {
        case .badRequest: .notSent(.rejected, detail: "the platform refused the frame")
        case .unauthorized: .notSent(.unauthorized, detail: "the platform refused the credential")
        case .overloaded: .notSent(.overloaded, detail: "the platform takes no more at the moment")
        case .serverError: .unknown(.serverError, detail: "the platform answered an error frame")
        }
    }
}
