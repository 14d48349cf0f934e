import ActivationCodes
import AuditLog
import Crypto
import Foundation
import Testing

@Suite("Leases")
struct LeaseTests {
    @Test("A lease verifies offline under the published key, and says what the code grants and whose it is")
    func lease() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(policy: ["duration": "P2D"])
            let device = TestDevice()
            let bound = try await server.bind(device, code)
            let token = try bound.string("lease")
            let (key, id) = try await server.leaseKey()
            let lease = try Lease.verified(token, by: key, keyID: id)
            #expect(lease.codeID.uuidString.lowercased() == code.id && lease.codeIndex == code.index)
            #expect(lease.bindingID.uuidString.lowercased() == bound["binding_id"]?.string)
            #expect(lease.scopes == ["claim.read", "claim.write"])
            #expect(lease.keyThumbprint == device.thumbprint)
            let detail = try await server.expect(200, "GET", "/v1/codes/\(code.id)", as: .auditor)
            let until = try #require(detail["expires_at"]?.string.flatMap { RFC3339.unixMilliseconds($0) })
            #expect(Int64((lease.expiresAt.timeIntervalSince1970 * 1000).rounded()) == until)
            let now = server.clock.now
            #expect(lease.isCurrent(at: now, lastSeen: nil).isSuccess)
            #expect(
                !lease.isCurrent(at: now.addingTimeInterval(25 * TestClock.hour), lastSeen: nil).isSuccess)
            #expect(!lease.isCurrent(at: now.addingTimeInterval(2 * TestClock.day), lastSeen: nil).isSuccess)
        }
    }

    @Test("A lease of another key, another key id or with a changed byte does not verify")
    func forged() async throws {
        try await RunningServer.run { server in
            let token = try await server.bind(TestDevice(), try await server.issueCode()).string("lease")
            let (key, id) = try await server.leaseKey()
            let stranger = Curve25519.Signing.PrivateKey().publicKey
            #expect(throws: LeaseError.badSignature) { try Lease.verified(token, by: stranger, keyID: id) }
            #expect(throws: LeaseError.wrongKey) { try Lease.verified(token, by: key, keyID: "another") }
            for position in stride(from: 0, to: token.utf8.count, by: 11) {
                var bytes = Array(token.utf8)
                bytes[position] = bytes[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(throws: LeaseError.self) { try Lease.verified(changed, by: key, keyID: id) }
            }
        }
    }

    @Test("A renewed lease follows the code: renewed, it lasts longer; revoked, there is none")
    func renewed() async throws {
        try await RunningServer.run { server in
            let code = try await server.issueCode(
                policy: ["duration": "P2D", "renewal": ["count": 1, "period": "P30D"]])
            let device = TestDevice()
            let bound = try await server.bind(device, code)
            let binding = try bound.string("binding_id")
            let (key, id) = try await server.leaseKey()
            let first = try Lease.verified(try bound.string("lease"), by: key, keyID: id)
            try await server.expect(200, "POST", "/v1/codes/\(code.id)/renewals", as: .issuer, body: [:])
            func renew() async throws -> Answer {
                let challenge = try await server.expect(
                    201, "POST", "/v1/bindings/\(binding)/challenges", body: [:])
                return try await server.request(
                    "POST", "/v1/bindings/\(binding)/tokens",
                    body: try device.tokenBody(binding: binding, challenge: challenge.json))
            }
            let second = try Lease.verified(try await renew().string("lease"), by: key, keyID: id)
            #expect(abs(second.expiresAt.timeIntervalSince(first.expiresAt) - 30 * TestClock.day) < 1)
            try await server.expect(
                200, "POST", "/v1/codes/\(code.id)/revocation", as: .issuer, body: ["reason": "superseded"])
            let refused = try await renew()
            #expect(refused.status == 403 && refused.code == "revoked" && refused["lease"] == nil)
        }
    }
}

extension RunningServer {
    /// The key that leases verify with, as anybody gets it.
    fileprivate func leaseKey() async throws -> (Curve25519.Signing.PublicKey, String) {
        let key = try #require(try await expect(200, "GET", "/v1/keys")["keys"]?.array?.first)
        let x = try #require(key["x"]?.string.flatMap { Data(base64URLText: $0) })
        return (try Curve25519.Signing.PublicKey(rawRepresentation: x), try #require(key["kid"]?.string))
    }
}

extension Result {
    fileprivate var isSuccess: Bool {
        if case .success = self { true } else { false }
    }
}
