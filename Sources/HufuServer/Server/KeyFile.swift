package import ActivationCodes
import AuditLog
import CoreFoundation
import Crypto
import Foundation
import Glibc

/// The authority's keys on disk: sealed under a master key (AES-256-GCM under HKDF-SHA256, info
/// `hufu-keys-v1`). The master key lies in a file of its own that only its owner may read, best outside the
/// data directory (`master-key-file`), so that a copy of the directory alone opens nothing.
package struct KeyFile: Sendable {
    package let directory: DataDirectory
    package let masterKeyFile: String

    package init(directory: DataDirectory, masterKeyFile: String?) {
        self.directory = directory
        self.masterKeyFile = masterKeyFile ?? directory.masterKey
    }

    package var exists: Bool { FileManager.default.fileExists(atPath: directory.sealedKeys) }

    /// Opens the keys, or makes them when there are none yet.
    package func load(entropy: EntropySource) throws -> AuthorityKeys {
        if exists { return try open() }
        return try create(entropy: entropy)
    }

    private static let context = Data("hufu-keys-v1".utf8)

    private func create(entropy: EntropySource) throws -> AuthorityKeys {
        if FileManager.default.fileExists(atPath: directory.database) {
            throw DataDirectory.Unusable(
                description:
                    "\(directory.sealedKeys) is missing though there is a database: restore it from a backup")
        }
        if !FileManager.default.fileExists(atPath: masterKeyFile) {
            try write(Data(Data(try entropy.bytes(32)).base64URL.utf8), to: masterKeyFile)
        }
        let raw = try AuthorityKeys.generate(entropy: entropy)
        let document = JSON.object(raw.mapValues { .string($0.base64URL) })
        try write(
            try sealingKey().seal(Data(document.canonical()), context: Self.context), to: directory.sealedKeys
        )
        return try AuthorityKeys(raw)
    }

    private func open() throws -> AuthorityKeys {
        let sealed = try read(directory.sealedKeys)
        do {
            let document = try JSON(parsing: Array(try sealingKey().open(sealed, context: Self.context)))
            return try AuthorityKeys(
                (document.object ?? [:]).compactMapValues { $0.string.flatMap { Data(base64URL: $0) } })
        } catch is SealingKey.CannotOpen {
            throw DataDirectory.Unusable(
                description:
                    "\(masterKeyFile) does not open \(directory.sealedKeys): give the right --master-key-file"
            )
        }
    }

    private func sealingKey() throws -> SealingKey {
        let text = String(decoding: try read(masterKeyFile), as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard let master = Data(base64URL: text), master.count == 32 else {
            throw DataDirectory.Unusable(
                description: "\(masterKeyFile) is not a master key: 32 bytes in base64url")
        }
        return SealingKey(
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: master), info: Self.context, outputByteCount: 32))
    }

    /// Refuses a file that others may read.
    private func read(_ path: String) throws -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw DataDirectory.Unusable(description: "\(path) is missing")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw DataDirectory.Unusable(description: "\(path) is readable by others: chmod 600 \(path)")
        }
        do { return try Data(contentsOf: URL(filePath: path)) } catch {
            throw DataDirectory.Unusable(description: "\(path) can't be read")
        }
    }

    /// Whole and durable, or not at all.
    private func write(_ data: Data, to path: String) throws {
        let temporary = path + ".tmp"
        let descriptor = Glibc.open(temporary, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DataDirectory.Unusable(description: "\(path) can't be written") }
        let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isDurable = written == data.count && fsync(descriptor) == 0
        Glibc.close(descriptor)
        guard isDurable, rename(temporary, path) == 0 else {
            throw DataDirectory.Unusable(description: "\(path) can't be written")
        }
        let parent = Glibc.open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            Glibc.close(parent)
        }
    }
}
