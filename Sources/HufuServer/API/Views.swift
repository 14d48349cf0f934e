import ActivationCodes
package import AuditLog
import Foundation
import Storage

/// How each noun looks in answers. Absent members are left out.

extension Operator: Representable {
    package var json: JSON {
        [
            "id": JSON(id), "name": .string(name), "roles": JSON(roles.map(\.rawValue).sorted()),
            "active": .bool(active), "created_at": JSON(createdAt),
        ]
    }
}

extension Session: Representable {
    package var json: JSON {
        [
            "access_token": .string(accessToken), "token_type": "Bearer",
            "expires_in": JSON(TokenIssuer.lifetime),
            "refresh_token": .string(refreshToken), "operator": person.json,
        ]
    }
}

extension Institution: Representable {
    package var json: JSON {
        .compact([
            "id": JSON(id), "name": .string(name), "kind": .string(kind.rawValue), "region": JSON(region),
            "created_at": JSON(createdAt),
        ])
    }
}

extension StoredPolicy: Representable {
    package var json: JSON {
        var document = policy.document
        document["created_at"] = JSON(createdAt)
        return document
    }
}

extension ApplicationView: Representable {
    package var json: JSON {
        .compact([
            "id": JSON(application.id), "institution_id": JSON(application.institutionID),
            "policy": .string(application.policyName), "policy_version": JSON(application.policyVersion),
            "quantity": JSON(application.quantity), "purpose": JSON(purpose),
            "contact": maskedContact ?? .null, "terms": application.terms,
            "state": .string(application.state.rawValue), "applicant_id": JSON(application.applicantID),
            "approvals_needed": JSON(application.approvalsNeeded),
            "approvals": .array(
                zip(application.approvals, comments).map { approval, comment in
                    .compact([
                        "operator_id": JSON(approval.operatorID),
                        "decision": .string(approval.decision.rawValue),
                        "comment": JSON(comment), "at": JSON(approval.at),
                    ])
                }),
            "created_at": JSON(application.createdAt), "code_id": JSON(application.codeID),
        ])
    }
}

extension CodeView: Representable {
    package var json: JSON {
        let code = stored.code
        return .compact([
            "id": JSON(code.id), "index": JSON(code.index), "state": .string(state.rawValue),
            "policy": .string(code.policyName), "policy_version": JSON(code.policyVersion),
            "policy_reference": JSON(code.policyReference), "institution_id": JSON(stored.institutionID),
            "application_id": JSON(stored.applicationID), "batch_id": JSON(stored.batchID),
            "created_at": JSON(code.createdAt), "not_before": JSON(code.notBefore),
            "expires_at": JSON(code.expiresAt), "activate_before": JSON(code.activateBefore),
            "usage_limit": JSON(code.usageLimit), "used_count": JSON(code.usedCount),
            "device_limit": JSON(code.deviceLimit), "devices": JSON(devices), "roles": JSON(code.roles),
            "scopes": JSON(code.scopes), "ip_allow_list": JSON(code.addressRanges.map(\.description)),
            "binding_key": JSON(code.bindingKey?.base64URL),
            "metadata": .object(code.metadata.pairs.mapValues(JSON.string)),
            "renewals_left": JSON(code.renewalsLeft), "revoked_reason": JSON(code.revocation?.reason.name),
            "revoked_at": JSON(code.revocation?.at),
        ])
    }
}

extension IssuedCode: Representable {
    package var json: JSON { ["code": .string(secret.text), "code_detail": view.json] }
}

extension Batch: Representable {
    package var json: JSON {
        .compact([
            "id": JSON(id), "application_id": JSON(applicationID), "count": JSON(count),
            "state": .string(state.rawValue), "created_by": JSON(createdBy), "created_at": JSON(createdAt),
            "confirmed_at": JSON(confirmedAt),
        ])
    }
}

extension Challenge: Representable {
    package var json: JSON {
        ["id": JSON(id), "value": .string(value.base64URL), "expires_at": JSON(expiresAt)]
    }
}

extension ActivationCode {
    /// What is left of the limit; nil without one.
    fileprivate var usesLeft: Int? { usageLimit.map { $0 - usedCount } }
}

extension Activation: Representable {
    package var json: JSON {
        .compact([
            "activation_id": JSON(id), "code_id": JSON(code.id), "state": .string(code.state.rawValue),
            "expires_at": JSON(code.expiresAt), "scopes": JSON(code.scopes), "roles": JSON(code.roles),
            "uses_left": JSON(code.usesLeft), "challenge": challenge.json,
        ])
    }
}

extension BoundDevice: Representable {
    package var json: JSON {
        [
            "binding_id": JSON(binding.id), "code_id": JSON(code.id), "state": .string(code.state.rawValue),
            "access_token": .string(accessToken), "token_type": "Bearer",
            "expires_in": JSON(TokenIssuer.lifetime), "lease": .string(lease),
        ]
    }
}

extension BindingView: Representable {
    package var json: JSON {
        [
            "id": JSON(binding.id), "code_id": JSON(codeID),
            "key_thumbprint": .string(binding.device.keyThumbprint.base64URL),
            "components": JSON(binding.device.fingerprint.components.keys.sorted()),
            "state": .string(binding.state.rawValue), "created_at": JSON(binding.createdAt),
        ]
    }
}

extension Validation: Representable {
    package var json: JSON {
        .compact([
            "valid": true, "code_id": JSON(code.id), "state": .string(code.state.rawValue),
            "scopes": JSON(code.scopes), "roles": JSON(code.roles), "expires_at": JSON(code.expiresAt),
            "uses_left": JSON(code.usesLeft), "checked_at": JSON(checkedAt),
        ])
    }
}

extension Validation {
    /// With the place of its entry in the log.
    func document(index: Int) -> JSON {
        var document = json
        document["log_index"] = JSON(index)
        return document
    }
}

extension UsageView: Representable {
    package var json: JSON {
        .compact([
            "code_id": JSON(code.id), "state": .string(code.state.rawValue),
            "used_count": JSON(code.usedCount),
            "usage_limit": JSON(code.usageLimit), "uses_left": JSON(code.usesLeft),
        ])
    }
}

extension EntryView: Representable {
    package var json: JSON {
        .compact(["index": JSON(index), "entry": entry, "personal": personal ?? .null])
    }
}
