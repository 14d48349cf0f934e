import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

/// An answer whose body is at hand, before it is one of Hummingbird's or goes on the wire as it is.
struct Reply: Sendable {
    let status: HTTPResponse.Status
    var headers: HTTPFields
    let bytes: [UInt8]

    init(status: HTTPResponse.Status, type: String, bytes: [UInt8]) {
        self.status = status
        headers = [.contentType: type]
        self.bytes = bytes
    }

    /// As HTTP/1.1 (RFC 9112): head and body.
    func write(into buffer: inout ByteBuffer, date: String) {
        buffer.writeString(
            "HTTP/1.1 \(status.code) \(HTTPResponseStatus(statusCode: status.code).reasonPhrase)\r\n")
        for field in headers {
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("Content-Length: ")
        buffer.writeString(String(bytes.count))
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeString(date)
        buffer.writeStaticString("\r\n\r\n")
        buffer.writeBytes(bytes)
    }

    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
