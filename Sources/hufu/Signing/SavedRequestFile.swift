import Foundation
import HTTPTypes
import RequestSigning

/// Saved requests as files: raw HTTP/1.1 text with the exact bytes of the body.
enum SavedRequestFile {
    /// - Parameter path: `-` is standard input.
    static func read(_ path: String, scheme: String = "https") throws -> SavedRequest {
        try SavedRequest(http1: Array(try ByteFiles.data(of: path)), scheme: scheme)
    }

    static func bytes(_ message: HTTPMessage) -> Data {
        var head = "\(message.head.method.rawValue) \(message.head.path ?? "/") HTTP/1.1\r\n"
        if let authority = message.head.authority { head += "Host: \(authority)\r\n" }
        for field in message.head.headerFields where !isFraming(field.name) {
            head += "\(field.name.rawName): \(field.value)\r\n"
        }
        if !message.body.isEmpty { head += "Content-Length: \(message.body.count)\r\n" }
        return Data((head + "\r\n").utf8) + message.body
    }

    private static func isFraming(_ name: HTTPField.Name) -> Bool {
        name == .contentLength || name == .transferEncoding
    }
}
