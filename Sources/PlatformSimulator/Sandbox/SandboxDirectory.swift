import Foundation

/// The files of a sandbox. Whatever is secret is for its owner alone.
///
/// What a client needs lies in `client/`: copy that folder and `ca.pem` to the machine that calls.
struct SandboxDirectory: Sendable {
    let path: String

    init(_ path: String) throws {
        self.path = URL(fileURLWithPath: path).path
        do {
            for folder in ["", "/client", "/client/keys"] {
                try FileManager.default.createDirectory(
                    atPath: self.path + folder, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw SandboxError("\(path) can't be made: give another directory or mend its permissions")
        }
    }

    func file(_ name: String) -> String { path + "/" + name }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    func read(_ name: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: file(name)) else {
            throw SandboxError("\(file(name)) can't be read")
        }
        return String(decoding: data, as: UTF8.self)
    }

    func write(_ name: String, _ text: String) throws { try write(name, bytes: Array(text.utf8)) }

    /// Whole or not at all, with permissions 0600 from the first byte on.
    func write(_ name: String, bytes: [UInt8]) throws {
        let target = file(name)
        let temporary = target + ".new"
        _ = unlink(temporary)
        guard
            FileManager.default.createFile(
                atPath: temporary, contents: Data(bytes), attributes: [.posixPermissions: 0o600]),
            rename(temporary, target) == 0
        else { throw SandboxError("\(target) can't be written") }
    }

    /// The file's first line; made by `make` when there is no such file.
    func secret(_ name: String, make: () -> String) throws -> String {
        if !exists(name) { try write(name, make() + "\n") }
        return String(try read(name).prefix { $0 != "\n" && $0 != "\r\n" })
    }
}
