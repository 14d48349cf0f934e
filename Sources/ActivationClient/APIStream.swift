import AsyncHTTPClient
import NIOCore

/// An answer whose body arrives piece by piece; whoever reads slowly slows the server down.
package struct APIStream: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    private let body: HTTPClientResponse.Body

    init(status: Int, headers: [(name: String, value: String)], body: HTTPClientResponse.Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Hands over every piece in order and returns behind the last one; throws when the stream breaks off.
    package func forEach(_ take: ([UInt8]) throws -> Void) async throws {
        for try await buffer in body { try take(Array(buffer.readableBytesView)) }
    }
}
