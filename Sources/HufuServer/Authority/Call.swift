package import ActivationCodes
package import Foundation
package import Storage

/// Who asks, from where, through which door: what every decision and its entry need to know.
package struct Call: Sendable {
    package enum Caller: Sendable, Equatable {
        case anonymous
        case person(id: UUID, name: String, roles: Set<Operator.Role>)
        /// A device that proved possession of the key it bound.
        case device(bindingID: UUID, codeIndex: Int)
        case system
    }

    /// A request that may come twice and must be carried out once.
    package struct Repeatable: Sendable {
        package var key: String
        /// HMAC-SHA256 of method, path and body.
        package var request: Data

        package init(key: String, request: Data) {
            self.key = key
            self.request = request
        }
    }

    package var caller: Caller
    package var door: String
    package var address: IPAddress?
    package var userAgent: String?
    /// Who acts at the institution, as a signed call's body names him: fsi's `opter`.
    package var opter: String?
    package var requestID: String
    /// W3C trace context: 32 hexadecimal digits.
    package var traceID: String
    package var repeatable: Repeatable?

    package init(
        caller: Caller, door: String, address: IPAddress? = nil, userAgent: String? = nil, requestID: String,
        traceID: String, repeatable: Repeatable? = nil
    ) {
        self.caller = caller
        self.door = door
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
        self.traceID = traceID
        self.repeatable = repeatable
    }

    /// The operator who asks; routes without operators never call this.
    package func person() throws -> UUID {
        guard case .person(let id, _, _) = caller else { throw InputError.unauthenticated }
        return id
    }

    /// Whose idempotency keys these are: two callers may choose the same key.
    var scope: String {
        switch caller {
        case .anonymous: "address:\(address?.description ?? "-")"
        case .person(let id, _, _): "operator:\(id.lowercased)"
        case .device(let id, _): "device:\(id.lowercased)"
        case .system: "system"
        }
    }
}
