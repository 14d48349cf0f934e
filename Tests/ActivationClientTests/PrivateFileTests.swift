import ActivationClient
import Foundation
import Testing

struct PrivateFileTests {
    @Test func `what is written is read, by nobody else`() async throws {
        let directory = try TemporaryDirectory()
        let file = PrivateFile(path: directory.path + "/a/b/file")
        #expect(try await file.read() == nil)
        try await file.write(Data("one".utf8))
        try await file.write(Data("two".utf8))
        #expect(try await file.read() == Data("two".utf8))
        #expect(try directory.permissions(of: "a/b/file") == 0o600)
        #expect(try directory.permissions(of: "a/b") == 0o700)
        #expect(try directory.permissions(of: "a") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path + "/a/b") == ["file"])
        try await file.remove()
        try await file.remove()
        #expect(try await file.read() == nil)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o601])
    func `wider permissions are refused`(mode: Int) async throws {
        let directory = try TemporaryDirectory()
        let file = PrivateFile(path: directory.path + "/file")
        try await file.write(Data("x".utf8))
        try directory.setPermissions(mode, of: "file")
        await #expect(throws: PrivateFileError.self) { try await file.read() }
    }

    @Test func `another owner's file is refused`() async throws {
        // /etc/hostname and the like belong to root; as root, the file is given away instead.
        let directory = try TemporaryDirectory()
        let file = PrivateFile(path: directory.path + "/file")
        try await file.write(Data("x".utf8))
        guard geteuid() == 0 else { return }
        #expect(chown(file.path, 65534, 65534) == 0)
        await #expect(throws: PrivateFileError(path: file.path, reason: "belongs to another user")) {
            try await file.read()
        }
    }

    @Test func `links, directories and pipes are refused`() async throws {
        let directory = try TemporaryDirectory()
        try await PrivateFile(path: directory.path + "/file").write(Data("x".utf8))
        #expect(symlink("file", directory.path + "/link") == 0)
        #expect(mkdir(directory.path + "/directory", 0o700) == 0)
        #expect(mkfifo(directory.path + "/pipe", 0o600) == 0)
        for name in ["link", "directory", "pipe"] {
            await #expect(throws: PrivateFileError.self) {
                try await PrivateFile(path: directory.path + "/" + name).read()
            }
        }
    }

    @Test func `a directory that others may write to is refused`() async throws {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "shared/x")
        try directory.setPermissions(0o777, of: "shared")
        await #expect(throws: PrivateFileError.self) {
            try await PrivateFile(path: directory.path + "/shared/file").write(Data("x".utf8))
        }
    }
}
