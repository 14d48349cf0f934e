import ActivationClient
import ActivationCodes
import Crypto
import Foundation
import Testing

struct DeviceStatusTests {
    @Test func `a fresh lease counts, offline`() async throws {
        let device = try TestDevice()
        try await device.save()
        let status = try await device.client(at: 60).status()
        #expect(status.isCurrent)
        #expect(
            status.lease
                == (try Lease.verified(
                    device.record.binding?.lease ?? "", by: device.authority.publicKey, keyID: "k1")))
        #expect(status.permits("claim.read"))
        #expect(!status.permits("claim.write"))
        #expect(status.changedComponents.isEmpty)
    }

    @Test(arguments: [(3_599.0, nil), (3_601, LeaseError.stale), (36_000, .expired)])
    func `a lease gets stale, then ends`(seconds: Double, refusal: LeaseError?) async throws {
        let device = try TestDevice()
        try await device.save()
        let status = try await device.client(at: seconds).status()
        #expect(status.refusal == refusal)
        #expect(status.permits("claim.read") == (refusal == nil))
    }

    @Test func `the time seen goes forward only, and a clock turned back is noticed`() async throws {
        let device = try TestDevice()
        try await device.save()
        _ = try await device.client(at: 3000).status()
        #expect(try await device.file().load()?.lastSeen == TestDevice.start.addingTimeInterval(3000))
        // Two honest clocks may differ a little.
        let near = try await device.client(at: 2950).status()
        #expect(near.isCurrent)
        let back = try await device.client(at: 100).status()
        #expect(back.refusal == .clockRolledBack)
        #expect(back.lastSeen == TestDevice.start.addingTimeInterval(3000))
        #expect(try await device.file().load()?.lastSeen == TestDevice.start.addingTimeInterval(3000))
    }

    @Test func `the time seen moves in one direction`() {
        var record = DeviceRecord(key: P256.Signing.PrivateKey(), lastSeen: TestDevice.start)
        for (seconds, seen, isWorthAWrite) in [
            (0.0, 0.0, false), (-5, 0, false), (0.5, 0.5, false), (5, 5, true),
        ] {
            let isNew = record.see(TestDevice.start.addingTimeInterval(seconds))
            #expect(isNew == isWorthAWrite)
            #expect(record.lastSeen == TestDevice.start.addingTimeInterval(seen))
        }
    }

    @Test func `a lease of another authority, binding or key is not authentic`() async throws {
        var device = try TestDevice()
        var otherBinding = device.lease()
        otherBinding.bindingID = UUID()
        var otherKey = device.lease()
        otherKey.keyThumbprint = P256.Signing.PrivateKey().publicKey.thumbprint
        let stranger = Curve25519.Signing.PrivateKey()
        let cases: [(String, LeaseError)] = [
            (try device.lease().signed(by: stranger, keyID: "k1"), .badSignature),
            (try device.lease().signed(by: device.authority, keyID: "k2"), .wrongKey),
            (try otherBinding.signed(by: device.authority, keyID: "k1"), .wrongKey),
            (try otherKey.signed(by: device.authority, keyID: "k1"), .wrongKey),
            ("no.lease.at-all", .malformed),
        ]
        for (lease, error) in cases {
            device.record.binding?.lease = lease
            try await device.save()
            let client = try device.client(at: 1)
            await #expect(throws: error) { try await client.status() }
        }
    }

    @Test func `what was never activated says so`() async throws {
        var device = try TestDevice()
        await #expect(throws: DeviceFileError.notActivated) { try await device.client(at: 1).status() }
        device.record.binding = nil
        try await device.save()
        await #expect(throws: DeviceFileError.notActivated) { try await device.client(at: 1).status() }
        await #expect(throws: DeviceFileError.notActivated) { try await device.client(at: 1).renewLease() }
    }

    @Test func `without the server nothing is lost`() async throws {
        let device = try TestDevice()
        try await device.save()
        await #expect(throws: ServerUnreachable.self) { try await device.client(at: 1).renewLease() }
        await #expect(throws: ServerUnreachable.self) { try await device.client(at: 1).validate(scopes: []) }
        #expect(try await device.client(at: 2).status().isCurrent)
    }
}
