import ActivationCodes
import Crypto
import Foundation
import Testing

struct LeaseVectors: Decodable {
    struct Refused: Decodable, CustomTestStringConvertible {
        var name: String, token: String, error: String
        var testDescription: String { name }
    }
    var seed: String, publicKey: String, keyId: String, token: String
    var refused: [Refused]

    static func load() throws -> LeaseVectors { try Repository.vectors("lease.json", as: LeaseVectors.self) }
}

@Suite("Leases")
struct LeaseTests {
    private static func key() throws -> Curve25519.Signing.PublicKey {
        try Curve25519.Signing.PublicKey(rawRepresentation: Data(hex: LeaseVectors.load().publicKey))
    }

    private static func lease(issuedAt: Date = .day()) throws -> Lease {
        Lease(
            issuer: "https://hufu.example", codeIndex: 42,
            codeID: try #require(UUID(uuidString: "0f8fad5b-d9cb-469f-a165-70867728950e")),
            bindingID: try #require(UUID(uuidString: "7c9e6679-7425-40de-944b-e07fc1f90ae7")),
            scopes: ["claim.read", "claim.write"], issuedAt: issuedAt, expiresAt: .day(604_800.25),
            maximumStaleness: 86_400, keyThumbprint: try thumbprint())
    }

    /// The key of RFC 9449 §4.1, whose thumbprint stands in its §6.1.
    private static func thumbprint() throws -> Data {
        let x = "l8tFrhx+34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs="
        let y = "9VE4jf/Ok/o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA="
        let raw = try #require(Data(base64Encoded: x)) + #require(Data(base64Encoded: y))
        return try P256.Signing.PublicKey(rawRepresentation: raw).thumbprint
    }

    @Test("the thumbprint of a P-256 key is that of RFC 7638, as printed in RFC 9449")
    func rfc7638() throws {
        #expect(try Self.thumbprint().base64EncodedString() == "0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I=")
    }

    @Test("a lease signed by another implementation reads as its claims")
    func vector() throws {
        let vectors = try LeaseVectors.load()
        let lease = try Lease.verified(vectors.token, by: Self.key(), keyID: vectors.keyId)
        #expect(try lease == Self.lease())
        #expect(try Lease.verified(vectors.token, by: Self.key(), keyID: nil) == lease)
    }

    @Test("signing writes the bytes of the vector, header and claims")
    func signing() throws {
        let vectors = try LeaseVectors.load()
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: Data(hex: vectors.seed))
        let token = try Self.lease().signed(by: key, keyID: vectors.keyId)
        // Not the signature: Ed25519 need not be deterministic everywhere.
        #expect(token.split(separator: ".").prefix(2) == vectors.token.split(separator: ".").prefix(2))
        #expect(try Lease.verified(token, by: key.publicKey, keyID: vectors.keyId) == Self.lease())
    }

    @Test(
        "every forged, cut or foreign token is refused for its reason",
        arguments: try LeaseVectors.load().refused)
    func refused(vector: LeaseVectors.Refused) throws {
        let error = #expect(throws: LeaseError.self) {
            try Lease.verified(vector.token, by: Self.key(), keyID: "lease-1")
        }
        #expect(error.map { "\($0)" } == vector.error)
    }

    @Test("no mutation of a token is accepted")
    func fuzz() throws {
        var random = SeededGenerator(seed: 41)
        let vectors = try LeaseVectors.load()
        let key = try Self.key()
        for _ in 0..<2_000 {
            let token = mutated(vectors.token, &random)
            let lease = try? Lease.verified(token, by: key, keyID: nil)
            #expect(lease == nil || token == vectors.token)
        }
    }

    @Test("an overlong token is refused unread")
    func overlong() throws {
        let key = try Self.key()
        #expect(throws: LeaseError.malformed) {
            try Lease.verified(String(repeating: "A", count: 100_000), by: key, keyID: nil)
        }
    }

    @Test("a lease holds up to its last instant and its staleness, and not with a clock turned back")
    func currency() throws {
        let lease = try Self.lease()
        func verdict(_ seconds: Double, lastSeen: Double? = nil, staleness: Int = 86_400) -> LeaseError? {
            var changed = lease
            changed.maximumStaleness = staleness
            guard
                case .failure(let error) = changed.isCurrent(
                    at: .day(seconds), lastSeen: lastSeen.map(Date.day))
            else { return nil }
            return error
        }
        #expect(verdict(0) == nil)
        #expect(verdict(86_400) == nil)
        #expect(verdict(86_400.001) == .stale)
        #expect(verdict(604_800.249, staleness: .max) == nil)
        #expect(verdict(604_800.25, staleness: .max) == .expired)
        #expect(verdict(-60) == nil)
        #expect(verdict(-60.001) == .notYetValid)
        #expect(verdict(100, lastSeen: 160) == nil)
        #expect(verdict(100, lastSeen: 160.001) == .clockRolledBack)
    }
}
