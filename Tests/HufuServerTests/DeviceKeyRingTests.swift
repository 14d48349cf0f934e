import AuditLog
import Foundation
import HufuServer
import RequestSigning
import Storage
import Synchronization
import Testing

@Suite("Signing keys in memory", .serialized, .timeLimit(.minutes(10)))
struct DeviceKeyRingTests {
    private static func run(
        clock: TestClock = TestClock(), _ scenario: (RunningServer, IssuedForTest) async throws -> Void
    ) async throws {
        try await RunningServer.run(clock: clock) {
            $0.upstream = .echo
        } scenario: { server in
            let policy = CallingDevice.allScopes.merging(["usage_limit": 50]) { $1 }
            try await scenario(server, try await server.issueCode(policy: policy))
        }
    }

    /// A registered key under other names.
    private static func keys(_ server: RunningServer, _ code: IssuedForTest, _ count: Int) async throws
        -> [DeviceKey]
    {
        let id = try await CallingDevice(server, "v3.2.0", code: code).signer.key.id
        let authority = server.server.authority
        return try await authority.store.read { transaction in
            var stored = try #require(try transaction.signingKey(id: id))
            let code = try #require(try transaction.code(index: stored.codeIndex))
            return try (0..<count).map { number in
                stored.id = "KEY\(number)"
                return try DeviceKey(stored, code, authority.keys)
            }
        }
    }

    private final class Revocation: Sendable {
        let isDone = Mutex(false)
    }

    @Test("A ring never holds more than its capacity, and what is unused longest goes first")
    func capacity() async throws {
        try await Self.run { server, code in
            let ring = DeviceKeyRing(capacity: 40)
            for (number, key) in try await Self.keys(server, code, 400).enumerated() {
                ring.keep(key, loadedAt: ring.changes)
                #expect(ring.count <= 40)
                #expect(ring.key(id: key.stored.id)?.stored == key.stored)
                #expect(ring.key(id: "KEY0") != nil, "in use all the time")
                #expect(ring.count <= 40)
                // Half of the capacity is held whatever comes.
                if number >= 60 {
                    #expect(ring.key(id: "KEY\(number - 60)") == nil || number == 60)
                    for recent in number - 9...number { #expect(ring.key(id: "KEY\(recent)") != nil) }
                }
            }
        }
    }

    @Test("A key that is forgotten is gone, of whatever age, and no load that began before brings it back")
    func forgetting() async throws {
        try await Self.run { server, code in
            let keys = try await Self.keys(server, code, 30)
            let ring = DeviceKeyRing(capacity: 40)
            for key in keys { ring.keep(key, loadedAt: ring.changes) }
            for number in [0, 29] {
                let before = ring.changes
                ring.forget(id: "KEY\(number)")
                #expect(ring.key(id: "KEY\(number)") == nil)
                ring.keep(keys[number], loadedAt: before)
                #expect(ring.key(id: "KEY\(number)") == nil)
            }
            #expect(ring.count == 28)
            #expect([1, 2, 19, 20, 28].allSatisfy { ring.key(id: "KEY\($0)") != nil })
            ring.keep(keys[0], loadedAt: ring.changes)
            #expect(ring.key(id: "KEY0") != nil)
        }
    }

    @Test("However loads and a revocation race, what was revoked is not in memory afterwards")
    func racing() async throws {
        try await Self.run { server, code in
            let key = try await Self.keys(server, code, 1)[0]
            for _ in 0..<200 {
                let ring = DeviceKeyRing()
                let revocation = Revocation()
                _ = try await concurrently(9) { number in
                    if number == 4 {
                        revocation.isDone.withLock { $0 = true }
                        return ring.forget(id: "KEY0")
                    }
                    let changes = ring.changes
                    if revocation.isDone.withLock({ $0 }) { return }
                    await Task.yield()
                    ring.keep(key, loadedAt: changes)
                }
                #expect(ring.key(id: "KEY0") == nil)
            }
        }
    }

    @Test("First calls racing the revocation of their key: once it is answered, none is admitted")
    func revokedWhileLoading() async throws {
        try await Self.run { server, code in
            for _ in 0..<15 {
                let device = try await CallingDevice(server, "v3.2.0", code: code)
                let path = "/v1/signing-keys/\(device.signer.key.id)/revocation"
                let answers = try await concurrently(4) { number in
                    number == 3
                        ? try await server.request("POST", path, token: device.token, body: [:])
                        : try await server.call(device)
                }
                #expect(answers[3].status == 200, "\(answers[3].text)")
                #expect(answers[..<3].allSatisfy { $0.status == 200 || $0.code == "unknown_key" })
                for _ in 0..<2 { #expect(try await server.call(device).code == "unknown_key") }
            }
        }
    }

    @Test("A key is good until its end, in memory and from the store, and no other key is touched")
    func expiry() async throws {
        try await Self.run { server, code in
            let lasting = try await CallingDevice(server, "gm", code: code)
            let used = try await CallingDevice(server, "v3.2.0", code: code, validFor: "P1D")
            let unused = try await CallingDevice(server, "v3.2.0", code: code, validFor: "P1D")
            #expect(try await server.call(used).status == 200)
            server.clock.advance(seconds: TestClock.day - 600)
            #expect(try await server.call(used).status == 200)
            server.clock.advance(seconds: 601)
            for device in [used, unused, used] {
                let id = "expired-\(UUID())"
                let answer = try await server.call(device, headers: ["X-Request-Id": id])
                #expect(answer.status == 401 && answer.code == "unknown_key", "\(answer.text)")
                let entry = try #require(try await server.entry(ofRequest: id))
                #expect(entry["reason"]?.string == "unknown_key")
                #expect(entry["data"]?["key_id"]?.string == device.signer.key.id)
            }
            #expect(try await server.call(lasting).status == 200)
        }
    }
}
