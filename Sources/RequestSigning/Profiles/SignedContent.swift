/// What a signature covers: the bytes signed, and the business parameters they stand for.
public struct SignedContent: Sendable {
    /// The text that is signed, without the secrets that `tif` and `envelope` put into it.
    public let bytes: [UInt8]
    /// The parameters that the signature covers, names in snake_case where the profile converts them; nil
    /// where it covers none (`tif`, `csb`) or bytes as they are (`rfc9421`).
    public let parameters: JSONDocument?
    private let travels: TravellingBody

    enum TravellingBody: Sendable {
        case bytes([UInt8])
        case document(JSONDocument)
    }

    init(bytes: [UInt8], parameters: JSONDocument? = nil, travels: TravellingBody) {
        self.bytes = bytes
        self.parameters = parameters
        self.travels = travels
    }

    /// The body that travels on behind the gateway: names converted, an envelope decrypted.
    public var body: [UInt8] {
        switch travels {
        case .bytes(let bytes): bytes
        case .document(let document): document.bytes
        }
    }
}
