import HTTPTypes

/// The parameters of a request that v3.x and gm sign: those of its body and of its query, names in
/// snake_case.
struct BusinessParameters {
    let all: JSONDocument
    /// The body's own; nil if it is empty.
    let body: JSONDocument?

    /// Throws what ``JSONDocument`` throws: `duplicate_key` as well for a name in both, `not_an_object` for a
    /// body that holds something else.
    init(of message: HTTPMessage, limits: JSONLimits) throws(SigningRefusal) {
        let query = message.query
        guard !message.body.isEmpty else {
            body = nil
            all = try JSONDocument(query: query, limits: limits).convertingNames(to: .snakeCase)
            return
        }
        let body = try JSONDocument(parsing: message.body, limits: limits).convertingNames(to: .snakeCase)
        self.body = body
        if query.isEmpty {
            all = body
        } else {
            all = try body.merging(
                JSONDocument(query: query, limits: limits).convertingNames(to: .snakeCase))
        }
    }

    /// What a client sends as the body: the bytes it has, unless a name in them had to be converted.
    func sentBody(of message: HTTPMessage) throws(SigningRefusal) -> [UInt8] {
        guard let body, try JSONDocument(parsing: message.body, limits: .largest).bytes != body.bytes else {
            return message.body
        }
        return body.bytes
    }
}

extension HTTPMessage {
    /// What follows the target's first question mark; empty if none does.
    var query: Substring {
        guard let target = head.path, let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return ""
        }
        return target[target.utf8.index(after: mark)...]
    }
}
