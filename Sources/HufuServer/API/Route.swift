import HTTPTypes
import Storage

/// Who may call a route. Every route states it; a test walks them all with every role and none.
enum Access: Sendable, Equatable {
    /// Anybody: health, keys, the log's public part.
    case anybody
    /// Anybody who holds a secret that stands in the body: a code, a password, a token, a signature. Limited.
    case holder
    /// A code in the body, or a device's token. Limited.
    case holderOrDevice
    /// A device with its token.
    case device
    /// A device that signs the request. Failures are limited.
    case signed
    case operators(Set<Operator.Role>)
    /// Auditors and admins, or anybody when the operator chose `--public-log`.
    case entryBundles
    /// The machine itself, auditors and admins.
    case local

    static let anyOperator = Access.operators(Set(Operator.Role.allCases))
}

/// One row of the API: the router, the roles' walk and the OpenAPI document are all made from it.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// With parameters in braces: `/v1/codes/{id}`.
    let path: String
    let access: Access
    let summary: String
    let tag: String
    /// The name of the request body's schema; nil for none.
    var request: String?
    var status = 200
    /// Another status with the same answer, such as 201 where PUT creates.
    var otherStatus: Int?
    /// The name of the answer's schema; nil when it is not JSON.
    var answer: String?
    /// The answer's media type when it is not JSON.
    var mediaType: String?
    var query: [String] = []
    /// Whether `Idempotency-Key` is honored: not where an answer can't or mustn't be kept.
    var isRepeatable = true
    /// In bytes.
    var largestBody = HTTPDoor.largestBody
    let handler: @Sendable (APIRequest) async throws -> APIAnswer

    var isList: Bool { query.contains("cursor") }
}
