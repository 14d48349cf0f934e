/// One message of the binary transport (docs/formats/platform-frames.md).
public struct Frame: Sendable, Hashable {
    public struct Flags: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let response = Flags(rawValue: 1)
        /// The body is a ``FrameError``; only with ``response``.
        public static let error = Flags(rawValue: 2)
        /// A bearer token stands before the body; only in requests.
        public static let credential = Flags(rawValue: 4)

        static let known: Flags = [.response, .error, .credential]
    }

    public static let version: UInt8 = 1
    /// "HUFU"
    static let magic: UInt32 = 0x4855_4655
    static let headerSize = 22
    static let infnoSize = 8
    /// The longest body, its credential included: 1 MiB.
    public static let bodyLimit = 1 << 20
    /// The number of the frames that open a connection.
    public static let hello = "0000"

    public var flags: Flags
    public var infno: String
    /// Chosen by the client; its response carries the same.
    public var sequence: UInt32
    /// The bearer token of a request; never empty.
    public var credential: String?
    /// JSON: an fsi envelope, an fsi answer or a ``FrameError``; empty in ``hello``.
    public var body: [UInt8]

    public init(
        infno: String, sequence: UInt32, flags: Flags = [], credential: String? = nil, body: [UInt8] = []
    ) {
        self.infno = infno
        self.sequence = sequence
        self.flags = flags
        self.credential = credential
        self.body = body
    }

    /// The response to this frame.
    public func response(body: [UInt8]) -> Frame {
        Frame(infno: infno, sequence: sequence, flags: .response, body: body)
    }

    public func response(_ error: FrameError) -> Frame {
        Frame(infno: infno, sequence: sequence, flags: [.response, .error], body: error.body)
    }
}
