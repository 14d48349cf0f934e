/// What was kept of a request can't be read as one.
public struct UnreadableRequest: Error, Sendable, Hashable {
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case noRequestLine = "no_request_line"
        case badTarget = "bad_target"
        case badField = "bad_field"
        case bodyTooShort = "body_too_short"
        case badChunk = "bad_chunk"
        case openQuote = "open_quote"
        case shellExpansion = "shell_expansion"
        case notCurl = "not_curl"
        case missingArgument = "missing_argument"
        case unknownOption = "unknown_option"
        case unsupportedOption = "unsupported_option"
        case unreadableFile = "unreadable_file"
        case notHAR = "not_har"
        case noSuchEntry = "no_such_entry"
    }

    public let reason: Reason
    /// The line, option, name or file at which reading stopped; never a field's value.
    public let place: String

    init(_ reason: Reason, _ place: String = "") {
        self.reason = reason
        self.place = place
    }

    public var text: BilingualText {
        let said = reason.text
        guard !place.isEmpty else { return said }
        return BilingualText("\(said.chinese)：\(place)", "\(said.english): \(place)")
    }
}

extension UnreadableRequest.Reason {
    fileprivate var text: BilingualText {
        switch self {
        case .noRequestLine:
            BilingualText("找不到请求行（方法 路径 HTTP/1.1）", "There is no request line (method target HTTP/1.1)")
        case .badTarget: BilingualText("请求地址无法解析", "The request's address can't be read")
        case .badField: BilingualText("请求头格式不正确", "A header field is malformed")
        case .bodyTooShort:
            BilingualText("正文比 Content-Length 短，保存不完整", "The body is shorter than Content-Length says")
        case .badChunk: BilingualText("分块正文不完整", "The chunked body is broken")
        case .openQuote: BilingualText("引号没有闭合", "A quotation mark is never closed")
        case .shellExpansion:
            BilingualText(
                "含有需要 shell 展开的变量或命令，请先代入实际值",
                "It holds a variable or command for the shell to expand: put in the real value")
        case .notCurl: BilingualText("不是 curl 命令", "This is no curl command")
        case .missingArgument: BilingualText("选项缺少参数", "An option lacks its argument")
        case .unknownOption: BilingualText("不认识的 curl 选项", "An unknown curl option")
        case .unsupportedOption: BilingualText("不支持的 curl 选项", "A curl option that isn't supported")
        case .unreadableFile: BilingualText("读不到文件", "A file can't be read")
        case .notHAR: BilingualText("不是有效的 HAR 文件", "This is no valid HAR file")
        case .noSuchEntry: BilingualText("HAR 中没有这一条记录", "The HAR file has no such entry")
        }
    }
}
