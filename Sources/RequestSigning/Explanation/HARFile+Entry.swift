internal import HTTPTypes

extension HARFile.Entry {
    /// The entry as a request. Pseudo fields (`:authority`) and what the body's length says are left out.
    public func request() throws(UnreadableRequest) -> SavedRequest {
        guard let method = HTTPRequest.Method(method) else { throw UnreadableRequest(.badField, "method") }
        let address = try RequestAddress(url, assumed: "https")
        var head = HTTPRequest(
            method: method, scheme: address.scheme, authority: address.authority, path: address.target)
        for field in content["headers"]?.elements ?? [] {
            guard let name = field["name"]?.string, let value = field["value"]?.string, !name.hasPrefix(":")
            else { continue }
            guard let name = HTTPField.Name(name) else { throw UnreadableRequest(.badField, name) }
            if name.isHost {
                head.authority = value
            } else if name != .contentLength {
                head.headerFields.append(HTTPField(name: name, value: value))
            }
        }
        return SavedRequest(HTTPMessage(head, body: try body()), sentAt: startedAt, answer: answer)
    }

    /// The problem document that came back, if it names a refusal of the signature.
    private var answer: SigningRefusal? {
        guard let content = response?["content"], let text = content["text"]?.string else { return nil }
        let bytes =
            content["encoding"]?.string == "base64" ? BinaryText.base64.decode(text) : Array(text.utf8)
        guard let problem = bytes.flatMap({ try? JSONDocument(parsing: $0) }),
            let code = problem.string(at: "code").flatMap(SigningRefusal.Code.init(rawValue:))
        else { return nil }
        return SigningRefusal(code, problem.string(at: "detail") ?? "")
    }

    private func body() throws(UnreadableRequest) -> [UInt8] {
        guard let data = content["postData"], data.kind == .object else { return [] }
        if let text = data["text"]?.string, !text.isEmpty {
            guard data["encoding"]?.string == "base64" else { return Array(text.utf8) }
            guard let bytes = BinaryText.base64.decode(text) else {
                throw UnreadableRequest(.notHAR, "postData")
            }
            return bytes
        }
        let pairs = (data["params"]?.elements ?? []).map { pair in
            let name = PercentCoding.encode((pair["name"]?.string ?? "").utf8)
            return name + "=".utf8 + PercentCoding.encode((pair["value"]?.string ?? "").utf8)
        }
        return Array(pairs.joined(separator: "&".utf8))
    }
}
