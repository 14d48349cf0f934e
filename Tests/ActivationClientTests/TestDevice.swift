import ActivationClient
import ActivationCodes
import Crypto
import Foundation

/// An activated device as a server would have left it, with an authority's key to sign more leases.
struct TestDevice {
    static let start = Date(timeIntervalSince1970: 1_795_000_000)

    let directory: TemporaryDirectory
    let authority = Curve25519.Signing.PrivateKey()
    var record = DeviceRecord(key: P256.Signing.PrivateKey(), lastSeen: start)
    let bindingID = UUID()

    init() throws {
        directory = try TemporaryDirectory()
        try MachineFingerprintTests.machine(directory)
        record.binding = DeviceRecord.Binding(
            server: "http://127.0.0.1:1", product: "test", id: bindingID, codeID: UUID(),
            lease: try lease().signed(by: authority, keyID: "k1"), accessToken: "token",
            accessTokenExpiresAt: Self.start.addingTimeInterval(900),
            authorityKeys: ["k1": authority.publicKey.rawRepresentation],
            fingerprint: try machine.hashed(for: "test").components)
    }

    var path: String { directory.path + "/state/device.json" }
    var machine: MachineFingerprint { MachineFingerprint(root: directory.path) }

    /// For ten hours, but never older than one.
    func lease() -> Lease {
        Lease(
            issuer: "hufu.example", codeIndex: 7, codeID: UUID(), bindingID: bindingID,
            scopes: ["claim.read"],
            issuedAt: Self.start, expiresAt: Self.start.addingTimeInterval(36_000), maximumStaleness: 3600,
            keyThumbprint: record.key.publicKey.thumbprint)
    }

    func file() throws -> DeviceFile { try DeviceFile(path: path, machine: machine, entropy: .system) }

    func save() async throws { try await file().save(record) }

    /// A client whose clock stands so many seconds behind the start.
    func client(at seconds: Double) throws -> ActivationClient {
        try ActivationClient(
            ActivationClient.Configuration(file: path, root: directory.path),
            now: { Self.start.addingTimeInterval(seconds) })
    }
}
