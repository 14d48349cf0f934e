import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import NIOCore
import RequestSigning
import Storage

extension HTTPDoor {
    /// Where signed calls begin.
    static let callPrefixes = ["/v3/", "/fsi/api/", "/epc/api/"]

    /// Signed calls, the keys that sign them, and why they were refused.
    var gatewayRoutes: [Route] {
        callRoutes + [
            Route(
                method: .post, path: "/v1/signing-keys", access: .device,
                summary: "Register a key that signs this device's calls", tag: "Signed calls",
                request: "SigningKeyRequest", status: 201, answer: "SigningKey"
            ) { request in
                .json(
                    try await authority.registerSigningKey(request.call, request.signingKey()),
                    status: .created)
            },
            Route(
                method: .get, path: "/v1/signing-keys", access: .device,
                summary: "The device's keys, without secrets", tag: "Signed calls", answer: "SigningKeys"
            ) { request in
                .init(
                    body: .json(["items": .array(try await authority.signingKeys(request.call).map(\.json))]))
            },
            Route(
                method: .post, path: "/v1/signing-keys/{id}/revocation", access: .device,
                summary: "Revoke one of the device's keys", tag: "Signed calls", request: "Nothing",
                answer: "SigningKey"
            ) { request in try await revokeKey(request) },
            Route(
                method: .delete, path: "/v1/signing-keys/{id}", access: .operators([.admin, .issuer]),
                summary: "Revoke a device's key", tag: "Signed calls", answer: "SigningKey"
            ) { request in try await revokeKey(request) },
            Route(
                method: .get, path: "/v1/refused-calls", access: .device,
                summary: "The institution's latest calls that were refused for their signature",
                tag: "Signed calls", answer: "RefusedCalls"
            ) { request in
                .init(body: .json(["items": .array(try await refusedCalls(request.call).map(\.json))]))
            },
            Route(
                method: .get, path: "/v1/refused-calls/{id}", access: .device,
                summary: "Why a signature failed, step by step", tag: "Signed calls",
                answer: "SignatureExplanation"
            ) { request in
                try sources.spend(
                    Self.costOfFailure, DoorContext.sourceKey(of: request.call.address), at: authority.clock()
                )
                return .init(body: .json(try await explanation(request.call, request.parameter("id"))))
            },
        ]
    }

    var callRoutes: [Route] {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .delete]
        return
            (methods.map { ($0, "/v3/{path...}") } + [
                (.post, "/fsi/api/{path...}"), (.post, "/epc/api/{path...}"),
            ]).map { method, path in
                Route(
                    method: method, path: path, access: .signed,
                    summary: "A signed call to the platform: docs/formats/request-signing.md",
                    tag: "Signed calls",
                    mediaType: "application/json", isRepeatable: false, largestBody: Gateway.largestBody
                ) { request in try await carry(request) }
            }
    }

    private func revokeKey(_ request: APIRequest) async throws -> APIAnswer {
        .json(
            try await authority.revokeSigningKey(request.call, id: request.parameter("id"), gateway.ring))
    }

    /// A signed call that came by the router: chunked, or otherwise not plain.
    private func carry(_ request: APIRequest) async throws -> APIAnswer {
        let dataKey = try await authority.personal.currentKey(at: authority.now())
        let message = HTTPMessage(request.head, body: Array(buffer: request.bytes))
        let admitted = try await withCheckedThrowingContinuation { continuation in
            gateway.admit(message, request.call, dataKey) { continuation.resume(with: $0) }
        }
        let reply = try await upstream.answer(to: admitted, request.call)
        return APIAnswer(
            status: reply.status, headers: reply.headers,
            body: .bytes(reply.bytes, type: reply.headers[.contentType] ?? "application/octet-stream"))
    }

    private func refusedCalls(_ call: Call) async throws -> [RefusedCall] {
        guard case .device(_, let index) = call.caller,
            let code = try await authority.store.read({ try $0.code(index: index) })
        else { throw InputError.unauthenticated }
        return gateway.refused.all(of: code.institutionID)
    }

    private func explanation(_ call: Call, _ id: String) async throws -> JSON {
        guard let refused = try await refusedCalls(call).first(where: { $0.id == id }) else {
            throw InputError.notFound("refused call")
        }
        let keys = try await gateway.keys(
            ofDeviceWith: refused.keyID, limit: Explanations.mostOtherKeys)
        return try await explanations.explain(refused, key: keys.named, others: keys.others)
    }
}

extension RefusedCall {
    var json: JSON {
        [
            "id": .string(id), "at": JSON(at), "code": .string(refusal.code.rawValue),
            "method": .string(message.head.method.rawValue), "path": .string(String(message.route)),
            "profile": JSON(profile?.id), "key_id": .string(keyID),
        ]
    }
}

extension APIRequest {
    fileprivate func signingKey() throws -> SigningKeyRequest {
        guard let profile = Profile(id: try text("profile")) else {
            throw InputError.invalid(
                field: "profile", allowed: "one of " + Profile.all.map(\.id).joined(separator: ", "))
        }
        let algorithm = try choice("algorithm", body["algorithm"]?.string, SignatureAlgorithm.self)
        guard (algorithm != nil) == (profile == .rfc9421) else {
            throw InputError.invalid(
                field: "algorithm", allowed: "given for rfc9421 and for no other profile")
        }
        let validity = try body["valid_for"]?.string.map { text in
            guard let period = ValidityPeriod(text) else {
                throw InputError.invalid(field: "valid_for", allowed: "a period such as P90D or 72h")
            }
            return period
        }
        var terms: JSON?
        if profile == .envelope { terms = body["options"] ?? [:] }
        if profile == .gm, let userID = body["user_id"]?.string { terms = ["user_id": .string(userID)] }
        return SigningKeyRequest(
            profile: profile, algorithm: algorithm, publicKey: body["public_key"]?.string, terms: terms,
            validity: validity)
    }
}
