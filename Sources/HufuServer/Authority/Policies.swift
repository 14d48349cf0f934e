package import ActivationCodes
import AuditLog
import Crypto
import Foundation
package import Storage

/// What a caller knows of the policy that it sets (RFC 9110 §13.1).
package enum PolicyPrecondition: Sendable {
    /// `If-None-Match: *`: there is none yet.
    case absent
    /// `If-Match`: this is the newest.
    case matches(String)

    /// What success answers: only with `absent` is a policy created.
    var status: Int {
        if case .absent = self { 201 } else { 200 }
    }
}

extension StoredPolicy {
    /// A strong entity tag over the document.
    package var entityTag: String {
        let digest = SHA256.hash(data: policy.document.canonical())
        return "\"" + Data(digest.prefix(12)).base64URL + "\""
    }
}

extension Authority {
    /// Sets the next version of a policy. Codes keep the version they were issued under.
    package func setPolicy(
        _ call: Call, _ precondition: PolicyPrecondition, _ make: @escaping @Sendable (Int) throws -> Policy
    ) async throws -> StoredPolicy {
        let now = now()
        return try await decide(
            call, "policy.set", "set", subject: "policy", status: precondition.status
        ) { transaction, record in
            let draft = try make(1)
            let newest = try transaction.policy(named: draft.name)
            switch precondition {
            case .absent where newest != nil:
                throw InputError.preconditionFailed("the policy exists: send If-Match with its ETag")
            case .matches(let tag) where tag == "*" ? newest == nil : newest?.entityTag != tag:
                throw InputError.preconditionFailed("the policy is not the one that If-Match names")
            default: break
            }
            let stored = StoredPolicy(policy: try make((newest?.policy.version ?? 0) + 1), createdAt: now)
            try transaction.insert(stored)
            record.policyReferences = ["\(stored.policy.name)/\(stored.policy.version)"]
            record.data = ["document": stored.policy.document]
            return .success(stored)
        }
    }

    package func policy(_ name: String, version: Int? = nil) async throws -> StoredPolicy {
        guard let found = try await store.read({ try $0.policy(named: name, version: version) }) else {
            throw InputError.notFound("policy")
        }
        return found
    }

    package func policies(_ page: Page) async throws -> [StoredPolicy] {
        try await store.read { try $0.policies(after: page.cursor, limit: page.limit) }
    }
}
