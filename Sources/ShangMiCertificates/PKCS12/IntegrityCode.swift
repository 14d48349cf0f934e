internal import Crypto
internal import ShangMi
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// MacData (RFC 7292, 4): an HMAC over a file's content under its password.
struct IntegrityCode: DERParseable {
    private let hash: any HashFunction.Type
    private let code: [UInt8]
    private let salt: [UInt8]
    private let iterations: Int

    init(derEncoded node: ASN1Node) throws {
        self = try DER.sequence(node, identifier: .sequence) { nodes in
            let (algorithm, code) = try DER.sequence(nodes.required(), identifier: .sequence) { nodes in
                (try AlgorithmIdentifier(derEncoded: &nodes), try ASN1OctetString(derEncoded: &nodes))
            }
            let salt = try ASN1OctetString(derEncoded: &nodes)
            return try IntegrityCode(
                algorithm, Array(code.bytes), salt: Array(salt.bytes),
                iterations: DER.decodeDefault(&nodes, defaultValue: 1))
        }
    }

    private init(
        _ algorithm: AlgorithmIdentifier, _ code: [UInt8], salt: [UInt8], iterations: Int
    ) throws(PKCS12Error) {
        hash =
            switch algorithm.algorithm {
            case PKCS12Identifier.sm3: SM3.self
            case PKCS12Identifier.sha256: SHA256.self
            case PKCS12Identifier.sha384: SHA384.self
            case PKCS12Identifier.sha512: SHA512.self
            default: throw PKCS12Identifier.refusal(of: algorithm.algorithm)
            }
        guard algorithm.hasNoParameters else { throw .malformed }
        self.code = code
        self.salt = salt
        self.iterations = try IterationCount.checked(iterations)
    }

    /// Compares in constant time.
    func authenticates(_ content: [UInt8], under password: FilePassword) -> Bool {
        if authenticates(hash, content, password.terminatedUTF16) { return true }
        // Some software takes no password for no bytes, and some for the zero at its end alone.
        return password.utf8.isEmpty && authenticates(hash, content, [])
    }

    private func authenticates<Hash: HashFunction>(
        _: Hash.Type, _ content: [UInt8], _ password: [UInt8]
    ) -> Bool {
        HMAC<Hash>.isValidAuthenticationCode(
            code, authenticating: content, using: key(Hash.self, password))
    }

    /// The derivation of RFC 7292, B.2, for the one purpose left of it. The key is as long as a digest, so
    /// the first round gives all of it, and the standard's mixing of a round into the next never happens.
    private func key<Hash: HashFunction>(_: Hash.Type, _ password: [UInt8]) -> SymmetricKey {
        let purpose: UInt8 = 3
        var hasher = Hash()
        hasher.update(data: [UInt8](repeating: purpose, count: Hash.blockByteCount))
        hasher.update(data: salt.repeated(toMultipleOf: Hash.blockByteCount))
        var filled = password.repeated(toMultipleOf: Hash.blockByteCount)
        defer { filled.wipe() }
        hasher.update(data: filled)
        var digest = hasher.finalize()
        for _ in 1..<iterations {
            digest = unsafe digest.withUnsafeBytes { unsafe Self.digest(Hash.self, of: $0) }
        }
        return SymmetricKey(data: Array(digest))
    }

    private static func digest<Hash: HashFunction>(
        _: Hash.Type, of bytes: UnsafeRawBufferPointer
    ) -> Hash.Digest {
        var hasher = Hash()
        unsafe hasher.update(bufferPointer: bytes)
        return hasher.finalize()
    }
}

extension [UInt8] {
    /// The bytes over and over, up to the next multiple of a length; nothing stays nothing.
    fileprivate func repeated(toMultipleOf blockByteCount: Int) -> [UInt8] {
        guard !isEmpty else { return [] }
        let total = (count + blockByteCount - 1) / blockByteCount * blockByteCount
        return (0..<total).map { self[$0 % count] }
    }
}
