public import HTTPTypes

extension FsiSite {
    /// A transaction's route without the envelope, as the platform's v3 interfaces have them: the input's `data`
    /// is the query of GET or the JSON body, the signature's fields stand in the header, and `msgid` is
    /// `X-Request-Id`. The answer is a fsi answer. REST only.
    public struct BareRoute: Sendable, Hashable {
        public var method: HTTPRequest.Method
        /// Behind ``FsiSite/baseURL``.
        public var path: String

        public init(_ method: HTTPRequest.Method, _ path: String) {
            self.method = method
            self.path = path
        }

        /// Whether a transaction of this number could go so: one that is known to have other nodes than
        /// `data` can't.
        public static func fits(_ infno: String) -> Bool {
            (try? FsiField.checkInfno(infno)) != nil
                && !["2203", "2204", "2401", "9001", "9002", "9101", "9102"].contains(infno.prefix(4))
        }
    }
}
