/// Broken input: the request never reached a decision. Each has a stable code and one HTTP status.
package enum InputError: Error, Equatable {
    /// A field has a form that is not allowed.
    case invalid(field: String, allowed: String)
    case unauthenticated
    case refreshReused
    case forbidden
    case notFound(String)
    case preconditionFailed(String)
    case preconditionRequired(String)
    case conflict(String)
    case idempotencyKeyReused
    case rateLimited(retryAfterSeconds: Int)
    case tooLarge(limit: Int)
    case unsupportedMediaType
    case methodNotAllowed([String])
    case notSequenced
    case busy
}
