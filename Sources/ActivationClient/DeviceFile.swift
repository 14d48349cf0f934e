package import ActivationCodes
import AuditLog
import Crypto
import Foundation

/// The one file in which a device keeps its record, sealed to the machine (docs/formats/device-file.md).
package struct DeviceFile: Sendable {
    private static let format = "hufu-device-file"
    private static let version: Int64 = 1
    private static let keyInfo = Data("hufu-device-file-v1".utf8)

    let file: PrivateFile
    /// What the sealing key is derived from; it stays the same while disks and network cards are replaced.
    private let material: SymmetricKey
    private let entropy: EntropySource

    package init(path: String, machine: MachineFingerprint, entropy: EntropySource) throws(DeviceFileError) {
        guard let material = Self.material(of: machine) else { throw .machineUnknown }
        file = PrivateFile(path: path)
        self.material = material
        self.entropy = entropy
    }

    /// Nil when there is no such file.
    package func load() async throws -> DeviceRecord? {
        guard let bytes = try await file.read() else { return nil }
        guard let json = try? JSON(parsing: Array(bytes)), json["format"]?.string == Self.format else {
            throw DeviceFileError.damaged
        }
        guard json["version"] == .integer(Self.version) else { throw DeviceFileError.unknownVersion }
        guard let salt = json["salt"]?.base64URL, salt.count == 32, let sealed = json["sealed"]?.base64URL,
            let box = try? AES.GCM.SealedBox(combined: sealed)
        else { throw DeviceFileError.damaged }
        guard
            let plain = try? AES.GCM.open(
                box, using: key(salt: salt), authenticating: Self.header(salt: salt)),
            let record = (try? JSON(parsing: Array(plain))).flatMap({ DeviceRecord(json: $0) })
        else { throw DeviceFileError.wrongMachineOrDamaged }
        return record
    }

    /// Every write has a salt of its own, hence a key of its own.
    package func save(_ record: DeviceRecord) async throws {
        let salt = Data(try entropy.bytes(32))
        let nonce = try AES.GCM.Nonce(data: Data(try entropy.bytes(12)))
        let box = try AES.GCM.seal(
            Data(record.json.canonical()), using: key(salt: salt), nonce: nonce,
            authenticating: Self.header(salt: salt))
        guard let combined = box.combined else { throw DeviceFileError.damaged }
        var json = Self.headerFields(salt: salt)
        json["sealed"] = .string(Base64URL.encode(combined))
        try await file.write(Data(json.canonical() + Array("\n".utf8)))
    }

    private func key(salt: Data) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: material, salt: salt, info: Self.keyInfo, outputByteCount: 32)
    }

    private static func headerFields(salt: Data) -> JSON {
        ["format": .string(format), "version": .integer(version), "salt": .string(Base64URL.encode(salt))]
    }

    private static func header(salt: Data) -> Data { Data(headerFields(salt: salt).canonical()) }

    /// The machine id alone where there is one. A key over everything would lock a device out for a replaced
    /// disk; that judgement is the server's, by the policy's matching rule.
    private static func material(of machine: MachineFingerprint) -> SymmetricKey? {
        let parts: [MachineFingerprint.Component] =
            machine.values[.machineID] == nil ? [.cpu, .disks, .mac] : [.machineID]
        let lines = parts.compactMap { part in machine.values[part].map { "\(part.rawValue)\n\($0)\n" } }
        return lines.isEmpty ? nil : SymmetricKey(data: Data(lines.joined().utf8))
    }
}

/// Why the device's file can't be used. Permissions and owners are `PrivateFileError`s.
public enum DeviceFileError: Error, Equatable, CustomStringConvertible {
    /// This machine has nothing that the file could be sealed to.
    case machineUnknown
    case unknownVersion
    case damaged
    /// Which of the two can't be told apart.
    case wrongMachineOrDamaged
    /// There is no binding in it: the device was never activated here.
    case notActivated

    public var description: String {
        switch self {
        case .machineUnknown:
            "nothing identifies this machine: no machine id, processor, disk or network card"
        case .unknownVersion: "the device file was written by a newer version"
        case .damaged: "the device file is damaged"
        case .wrongMachineOrDamaged: "the device file was sealed on another machine, or is damaged"
        case .notActivated: "this device is not activated"
        }
    }
}
