import ActivationClient
import ActivationCodes
import AuditLog
import Crypto
import Foundation
import Testing

struct DeviceFileTests {
    @Test func `a record comes back as it was`() async throws {
        var device = try TestDevice()
        device.record.pending = DeviceRecord.Pending(
            codeHash: Data(repeating: 7, count: 32), idempotencyKey: "key", activationID: nil)
        #expect(try await device.file().load() == nil)
        try await device.save()
        let record = try #require(try await device.file().load())
        #expect(record.key.rawRepresentation == device.record.key.rawRepresentation)
        #expect(record.lastSeen == device.record.lastSeen)
        #expect(record.pending == device.record.pending)
        #expect(record.binding == device.record.binding)
        #expect(try device.directory.permissions(of: "state/device.json") == 0o600)
        #expect(try device.directory.permissions(of: "state") == 0o700)
    }

    @Test func `nothing of the record is readable in the file, and no write repeats another`() async throws {
        let device = try TestDevice()
        try await device.save()
        let first = try String(contentsOfFile: device.path, encoding: .utf8)
        #expect(!first.contains("claim") && !first.contains("token") && !first.contains("127.0.0.1"))
        try await device.save()
        #expect(try String(contentsOfFile: device.path, encoding: .utf8) != first)
    }

    @Test func `another machine can't open it`() async throws {
        let device = try TestDevice()
        try await device.save()
        try device.directory.write("ffffffffffffffffffffffffffffffff\n", to: "etc/machine-id")
        await #expect(throws: DeviceFileError.wrongMachineOrDamaged) { try await device.file().load() }
        await #expect(throws: DeviceFileError.wrongMachineOrDamaged) {
            try await device.client(at: 1).status()
        }
    }

    @Test func `replaced hardware does not lock the device out, and is told`() async throws {
        let device = try TestDevice()
        try await device.save()
        try device.directory.write("NEW\n", to: "sys/block/sdb/device/serial")
        try device.directory.write("aa:bb:cc:00:11:23\n", to: "sys/class/net/eth0/address")
        let status = try await device.client(at: 1).status()
        #expect(status.isCurrent)
        #expect(status.changedComponents == ["disks", "mac"])
    }

    @Test func `every changed byte is noticed`() async throws {
        let device = try TestDevice()
        try await device.save()
        let original = try Data(contentsOf: URL(fileURLWithPath: device.path))
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        // The last byte is the line feed behind the object.
        for index in stride(from: 0, to: original.count - 1, by: 7) {
            var bytes = original
            bytes[index] ^= 1
            #expect(FileManager.default.createFile(atPath: device.path, contents: bytes, attributes: mode))
            await #expect(throws: DeviceFileError.self, "byte \(index)") { try await device.file().load() }
        }
        for count in [0, 1, original.count / 2, original.count - 3] {
            let bytes = original.prefix(count)
            #expect(FileManager.default.createFile(atPath: device.path, contents: bytes, attributes: mode))
            await #expect(throws: DeviceFileError.self) { try await device.file().load() }
        }
    }

    @Test func `a newer version is not guessed at`() async throws {
        let device = try TestDevice()
        try await device.save()
        var json = try JSON(parsing: Array(try Data(contentsOf: URL(fileURLWithPath: device.path))))
        json["version"] = 2
        try Data(json.canonical()).write(to: URL(fileURLWithPath: device.path))
        try device.directory.setPermissions(0o600, of: "state/device.json")
        await #expect(throws: DeviceFileError.unknownVersion) { try await device.file().load() }
    }

    @Test func `wider permissions are refused`() async throws {
        let device = try TestDevice()
        try await device.save()
        try device.directory.setPermissions(0o644, of: "state/device.json")
        await #expect(throws: PrivateFileError.self) { try await device.client(at: 1).status() }
    }

    @Test func `a machine without anything has no device file`() throws {
        #expect(throws: DeviceFileError.machineUnknown) {
            try DeviceFile(path: "/nowhere", machine: MachineFingerprint(values: [:]), entropy: .system)
        }
    }
}
