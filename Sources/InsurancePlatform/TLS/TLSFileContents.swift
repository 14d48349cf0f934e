internal import Crypto
internal import Foundation

/// What the files held at one moment.
struct TLSFileContents: Equatable {
    static let largest = 1 << 20

    var identity: [UInt8] = []
    var key: [UInt8] = []
    var passphrase: [UInt8] = []
    var roots: [[UInt8]] = []

    /// Reads until two readings in a row agree, so that a certificate of before a swap is not paired with a key of
    /// after it. Paths are resolved anew each time: a Kubernetes volume changes by its `..data` link alone.
    static func stable(_ files: TLSFiles) throws(TLSMaterialError) -> TLSFileContents {
        var last = try TLSFileContents(files)
        for _ in 0..<4 {
            let next = try TLSFileContents(files)
            if next == last { return next }
            last = next
        }
        throw TLSMaterialError(.unstableFiles)
    }

    private init(_ files: TLSFiles) throws(TLSMaterialError) {
        switch files.identity {
        case .pem(let certificateFile, let keyFile):
            identity = try Self.bytes(certificateFile)
            key = try Self.bytes(keyFile)
        case .pkcs12(let file): identity = try Self.bytes(file)
        case nil: break
        }
        if let file = files.passphrase {
            passphrase = try Self.bytes(file)
            while passphrase.last == UInt8(ascii: "\n") || passphrase.last == UInt8(ascii: "\r") {
                passphrase.removeLast()
            }
        }
        for file in files.roots { roots.append(try Self.bytes(file)) }
    }

    /// Tells contents apart without keeping them: SHA-256 over all, each with its length.
    var digest: [UInt8] {
        var hash = SHA256()
        for part in [identity, key, passphrase] + roots {
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: part)
        }
        return Array(hash.finalize())
    }

    private static func bytes(_ path: String) throws(TLSMaterialError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw TLSMaterialError(.unreadableFile, path)
        }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: largest + 1) ?? Data(), data.count <= largest else {
            throw TLSMaterialError(.unreadableFile, path)
        }
        return Array(data)
    }
}
