public import Crypto
public import Foundation

extension PlatformToken {
    /// AES-256-GCM (nonce, ciphertext, tag) over the version 1 and, each behind its length in 32 bits, the
    /// fields in the order of their declaration; numbers are 64 bits, big-endian, and a missing text has
    /// length 0. The site is associated data: a row copied to another site does not open.
    public func sealed(under key: SymmetricKey, site: String) throws(TokenFailure) -> Data {
        var plain = Data([1])
        plain.append(field: access.exposed)
        plain.append(field: refresh?.exposed ?? "")
        plain.append(number: obtainedAt)
        plain.append(number: expiresAt)
        plain.append(field: scopes.joined(separator: " "))
        plain.append(field: subject?.exposed ?? "")
        guard let box = try? AES.GCM.seal(plain, using: key, authenticating: Self.context(site)),
            let combined = box.combined
        else { throw TokenFailure(.storageFailed, "the token can't be sealed") }
        return combined
    }

    /// Throws `storage_failed` where the blob was changed, or was sealed under another key or for another site.
    public init(opening sealed: Data, under key: SymmetricKey, site: String) throws(TokenFailure) {
        let damaged = TokenFailure(
            .storageFailed, "the stored token can't be opened with this key; a new login replaces it")
        guard let box = try? AES.GCM.SealedBox(combined: sealed),
            let plain = try? AES.GCM.open(box, using: key, authenticating: Self.context(site)),
            plain.first == 1
        else { throw damaged }
        var rest = plain.dropFirst()
        guard let access = rest.takeField(), !access.isEmpty, let refresh = rest.takeField(),
            let obtainedAt = rest.takeNumber(), let expiresAt = rest.takeNumber(),
            let scopes = rest.takeField(), let subject = rest.takeField(), rest.isEmpty
        else { throw damaged }
        self.init(
            access: Redacted(access), refresh: refresh.isEmpty ? nil : Redacted(refresh),
            obtainedAt: obtainedAt, expiresAt: expiresAt,
            scopes: scopes.split(separator: " ").map(String.init),
            subject: subject.isEmpty ? nil : Redacted(subject))
    }

    private static func context(_ site: String) -> Data { Data("hufu-platform-token-v1|\(site)".utf8) }
}

extension Data {
    fileprivate mutating func append(field text: String) {
        Swift.withUnsafeBytes(of: UInt32(text.utf8.count).bigEndian) { append(contentsOf: $0) }
        append(contentsOf: text.utf8)
    }

    fileprivate mutating func append(number: Int64) {
        Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func takeField() -> String? {
        guard let length = take(4)?.reduce(0, { $0 << 8 | Int($1) }), let bytes = take(length) else {
            return nil
        }
        return String(bytes: bytes, encoding: .utf8)
    }

    fileprivate mutating func takeNumber() -> Int64? {
        take(8).map { bytes in bytes.reduce(0) { $0 << 8 | Int64($1) } }
    }

    private mutating func take(_ count: Int) -> Data? {
        guard count <= self.count else { return nil }
        let taken = prefix(count)
        self = dropFirst(count)
        return taken
    }
}
