import HTTPTypes
import Hummingbird
import NIOCore

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

    var response: Response {
        Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
