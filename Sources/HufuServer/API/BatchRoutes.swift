import AuditLog
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Storage

extension Authority {
    var batchRoutes: [Route] {
        [
            Route(
                method: .post, path: "/v1/batches", access: .operators([.admin, .issuer]),
                summary: "Stage the codes of an application and stream them out, once", tag: "Batches",
                request: "BatchRequest", mediaType: "application/x-ndjson", isRepeatable: false
            ) { request in
                let format =
                    try request.choice("format", request.body["format"]?.string, BatchFormat.self) ?? .ndjson
                let batch = try await openBatch(request.call, application: request.uuid("application_id"))
                let call = request.call
                return APIAnswer(
                    headers: [.batchID: batch.id.lowercased, .batchCount: "\(batch.count)"],
                    body: .stream(type: format.mediaType) { writer in
                        try await streamBatch(call, batch, format) { text in
                            try await writer.write(ByteBuffer(string: text))
                        }
                        try await writer.finish(nil)
                    })
            },
            Route(
                method: .post, path: "/v1/batches/{id}/confirm", access: .operators([.admin, .issuer]),
                summary: "Confirm what arrived: from now on the codes exist", tag: "Batches",
                request: "BatchConfirmation", answer: "Batch"
            ) { request in
                guard let digest = Data(hexadecimal: try request.text("sha256")) else {
                    throw InputError.invalid(field: "sha256", allowed: "64 hexadecimal digits")
                }
                return .json(try await confirmBatch(request.call, request.id(), digest: digest))
            },
            Route(
                method: .get, path: "/v1/batches", access: .anyOperator, summary: "List batches",
                tag: "Batches",
                answer: "Batch", query: ["limit", "cursor"]
            ) { request in
                let page = try request.page()
                return .list(try await batches(page), page) { $0.id.lowercased }
            },
            Route(
                method: .get, path: "/v1/batches/{id}", access: .anyOperator, summary: "Show a batch",
                tag: "Batches", answer: "Batch"
            ) { request in .json(try await batch(request.id())) },
            Route(
                method: .delete, path: "/v1/batches/{id}", access: .operators([.admin, .issuer]),
                summary: "Discard a staged batch", tag: "Batches", status: 204, isRepeatable: false
            ) { request in
                try await discardBatch(request.call, request.id())
                return APIAnswer(status: .noContent, body: .empty)
            },
        ]
    }
}

extension HTTPField.Name {
    static let batchID = HTTPField.Name("X-Batch-Id")!
    static let batchCount = HTTPField.Name("X-Batch-Count")!
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
    static let traceparent = HTTPField.Name("traceparent")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
