import ActivationCodes
import AuditLog
import Crypto
import Foundation
import HTTPTypes
import Storage

extension Authority {
    /// What holders of codes and their devices call.
    var deviceRoutes: [Route] {
        [
            Route(
                method: .post, path: "/v1/activations", access: .holder, summary: "Redeem a code: one use",
                tag: "Activations", request: "CodeOnly", status: 201, answer: "Activation"
            ) { request in .json(try await activate(request.call, request.secret()), status: .created) },
            Route(
                method: .post, path: "/v1/activations/{id}/challenges", access: .holder,
                summary: "Another challenge to bind with", tag: "Activations", request: "CodeOnly",
                status: 201,
                answer: "Challenge"
            ) { request in
                .json(
                    try await challenge(request.call, request.secret(), activation: request.id()),
                    status: .created)
            },
            Route(
                method: .post, path: "/v1/bindings", access: .holder,
                summary: "Bind a device: register its key and prove possession", tag: "Bindings",
                request: "BindingRequest", status: 201, answer: "BoundDevice"
            ) { request in .json(try await bind(request.call, request.binding()), status: .created) },
            Route(
                method: .post, path: "/v1/bindings/{id}/challenges", access: .holder,
                summary: "A challenge for a bound device", tag: "Bindings", request: "Nothing", status: 201,
                answer: "Challenge"
            ) { request in .json(try await challenge(request.call, binding: request.id()), status: .created)
            },
            Route(
                method: .post, path: "/v1/bindings/{id}/tokens", access: .holder,
                summary: "A new token and lease for a device that signs a challenge", tag: "Bindings",
                request: "DeviceTokenRequest", answer: "BoundDevice", isRepeatable: false
            ) { request in
                guard let fingerprint = try request.fingerprint() else {
                    throw InputError.invalid(field: "fingerprint", allowed: "at least one component")
                }
                return .json(
                    try await renewToken(
                        request.call, binding: request.id(), challenge: request.uuid("challenge_id"),
                        fingerprint: fingerprint, signature: request.signature()))
            },
            Route(
                method: .get, path: "/v1/bindings", access: .anyOperator, summary: "List bound devices",
                tag: "Bindings", answer: "Binding", query: ["code_id", "limit", "cursor"]
            ) { request in
                let page = try request.page()
                return .list(try await bindings(page, code: request.queryID("code_id")), page) {
                    $0.binding.id.lowercased
                }
            },
            Route(
                method: .get, path: "/v1/bindings/{id}", access: .anyOperator, summary: "Show a bound device",
                tag: "Bindings", answer: "Binding"
            ) { request in .json(try await binding(request.id())) },
            Route(
                method: .delete, path: "/v1/bindings/{id}", access: .operators([.admin, .issuer]),
                summary: "Release a device; its key can't bind to this code again", tag: "Bindings",
                answer: "Binding"
            ) { request in .json(try await release(request.call, binding: request.id())) },
            Route(
                method: .post, path: "/v1/validations", access: .holderOrDevice,
                summary: "Whether a code holds now", tag: "Validations", request: "ValidationRequest",
                answer: "Validation", isRepeatable: false
            ) { request in
                let (validation, index) = try await validate(
                    request.call, request.credential(), presented: request.fingerprint(),
                    scopes: request.body.names("scopes") ?? [])
                return APIAnswer(body: .json(validation.document(index: index)))
            },
            Route(
                method: .post, path: "/v1/usage", access: .holderOrDevice, summary: "Count metered uses",
                tag: "Usage", request: "UsageRequest", answer: "Usage"
            ) { request in
                .json(
                    try await use(
                        request.call, request.credential(), amount: request.body["amount"]?.integer ?? 1))
            },
        ]
    }
}

extension APIRequest {
    /// The code in the body; without one, the device whose token this is.
    fileprivate func credential() throws -> Credential {
        if body["code"] != nil { return .code(try secret()) }
        guard case .device(let bindingID, let index) = call.caller else { throw InputError.unauthenticated }
        return .device(bindingID: bindingID, codeIndex: index)
    }

    fileprivate func signature() throws -> P256.Signing.ECDSASignature {
        try P256.Signing.ECDSASignature(rawRepresentation: try bytes("signature", count: 64))
    }

    fileprivate func binding() throws -> BindingRequest {
        guard let jwk = body["public_key"], let x = jwk["x"]?.string.flatMap({ Data(base64URL: $0) }),
            let y = jwk["y"]?.string.flatMap({ Data(base64URL: $0) }),
            let publicKey = try? P256.Signing.PublicKey(x963Representation: Data([4]) + x + y)
        else {
            throw InputError.invalid(field: "public_key", allowed: "a JWK of a point on P-256")
        }
        guard let fingerprint = try fingerprint() else {
            throw InputError.invalid(field: "fingerprint", allowed: "at least one component")
        }
        return BindingRequest(
            secret: try secret(), activationID: try uuid("activation_id"),
            challengeID: try uuid("challenge_id"),
            publicKey: publicKey, fingerprint: fingerprint, signature: try signature())
    }
}
