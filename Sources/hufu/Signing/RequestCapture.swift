import Foundation
import NIOCore
import NIOPosix
import RequestSigning

/// Catches one request on a port of this machine, byte by byte as it was sent.
enum RequestCapture {
    /// More than any request that a gateway takes.
    private static let limit = 4 << 20

    /// Waits for one request, has it judged and answers it 200 with the judgement.
    ///
    /// - Throws: `CommandFailure` where the port is taken or no request comes; `UnreadableRequest`.
    static func one(
        port: Int, patience: Duration, judge: (SavedRequest) async throws -> SignatureExplanation
    ) async throws -> SignatureExplanation {
        let server = try await listener(port)
        standardError("listening on http://127.0.0.1:\(server.channel.localAddress?.port ?? port)")
        let timer = Task {
            try await Task.sleep(for: patience)
            try await server.channel.close()
        }
        defer { timer.cancel() }
        return try await server.executeThenClose { connections in
            for try await connection in connections {
                let explanation = try await connection.executeThenClose { pieces, writer in
                    try await answer(pieces, writer, judge)
                }
                // Somebody may only have looked whether the port is open.
                if let explanation { return explanation }
            }
            throw CommandFailure(
                .environment, "error: no request came within \(patience.components.seconds) s")
        }
    }

    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private static func listener(_ port: Int) async throws -> NIOAsyncChannel<Connection, Never> {
        do {
            return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .bind(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Connection(wrappingChannelSynchronously: channel)
                    }
                }
        } catch let error as IOError {
            throw CommandFailure(
                .environment,
                "error: can't listen on port \(port): \(String(cString: strerror(error.errnoCode)))")
        }
    }

    /// Nil where the connection ended without a byte.
    private static func answer(
        _ pieces: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        _ judge: (SavedRequest) async throws -> SignatureExplanation
    ) async throws -> SignatureExplanation? {
        var bytes: [UInt8] = []
        var isEncouraged = false
        for try await piece in pieces {
            bytes += piece.readableBytesView
            guard bytes.count <= limit else {
                throw CommandFailure(.environment, "error: the request is larger than \(limit) bytes")
            }
            if let saved = try whole(bytes) {
                let explanation = try await judge(saved)
                try await writer.write(ByteBuffer(bytes: response(explanation)))
                return explanation
            }
            if !isEncouraged, expectsContinue(bytes) {
                isEncouraged = true
                try await writer.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
            }
        }
        guard !bytes.isEmpty else { return nil }
        return try await judge(try SavedRequest(http1: bytes, scheme: "http"))
    }

    /// Nil as long as some of it is still on its way.
    private static func whole(_ bytes: [UInt8]) throws -> SavedRequest? {
        guard Data(bytes).range(of: Data("\r\n\r\n".utf8)) != nil else { return nil }
        let reading = Result<SavedRequest, any Error> { try SavedRequest(http1: bytes, scheme: "http") }
        if case .failure(let error as UnreadableRequest) = reading,
            [.bodyTooShort, .badChunk].contains(error.reason)
        {
            return nil
        }
        return try reading.get()
    }

    private static func expectsContinue(_ bytes: [UInt8]) -> Bool {
        guard let end = Data(bytes).range(of: Data("\r\n\r\n".utf8)) else { return false }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
        return head.contains("\r\nexpect: 100-continue")
    }

    private static func response(_ explanation: SignatureExplanation) -> [UInt8] {
        let body = explanation.json
        let head = """
            HTTP/1.1 200 OK\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            Connection: close\r
            \r

            """
        return Array(head.utf8) + body
    }
}
