internal import Crypto
internal import CryptoExtras
internal import ShangMi
internal import SwiftASN1

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// PBES2 (RFC 8018, 6.2) with PBKDF2, and AES or SM4 in CBC.
struct PasswordEncryption {
    private enum Cipher {
        case aes(keyByteCount: Int)
        case sm4

        var keyByteCount: Int {
            switch self {
            case .aes(let count): count
            case .sm4: SM4.Key.byteCount
            }
        }
    }

    private let cipher: Cipher
    private let iv: [UInt8]
    private let function: SM2.PasswordHash
    private let salt: [UInt8]
    private let iterations: Int

    init(_ algorithm: AlgorithmIdentifier) throws {
        guard algorithm.algorithm == PKCS12Identifier.pbes2 else {
            throw PKCS12Identifier.refusal(of: algorithm.algorithm)
        }
        let (derivation, encryption) = try DER.sequence(
            algorithm.parameterNode(), identifier: .sequence
        ) { nodes in
            (try AlgorithmIdentifier(derEncoded: &nodes), try AlgorithmIdentifier(derEncoded: &nodes))
        }
        cipher =
            switch encryption.algorithm {
            case PKCS12Identifier.aes128CBC: .aes(keyByteCount: 16)
            case PKCS12Identifier.aes192CBC: .aes(keyByteCount: 24)
            case PKCS12Identifier.aes256CBC: .aes(keyByteCount: 32)
            case PKCS12Identifier.sm4CBC: .sm4
            default: throw PKCS12Identifier.refusal(of: encryption.algorithm)
            }
        iv = Array(try ASN1OctetString(derEncoded: encryption.parameterNode()).bytes)
        guard iv.count == SM4.IV.byteCount else { throw PKCS12Error.malformed }
        guard derivation.algorithm == PKCS12Identifier.pbkdf2 else {
            throw PKCS12Error.unsupportedAlgorithm
        }
        let parameters = try Parameters(derEncoded: derivation.parameterNode())
        guard parameters.keyByteCount ?? cipher.keyByteCount == cipher.keyByteCount else {
            throw PKCS12Error.malformed
        }
        salt = parameters.salt
        iterations = try IterationCount.checked(parameters.iterations)
        function = try parameters.function
    }

    /// `incorrectPassword` for whatever comes out that ends in no padding.
    func decrypt(_ ciphertext: [UInt8], password: FilePassword) throws(PKCS12Error) -> [UInt8] {
        var key = PasswordDerivation.derive(
            function, password: password.utf8, salt: salt, iterations: iterations,
            byteCount: cipher.keyByteCount)
        defer { key.wipe() }
        do {
            switch cipher {
            case .aes:
                var plaintext = try AES._CBC.decrypt(
                    ciphertext, using: SymmetricKey(data: key), iv: AES._CBC.IV(ivBytes: iv))
                defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
                return Array(plaintext)
            case .sm4: return try SM4.CBC.decrypt(ciphertext, using: SM4.Key(key), iv: SM4.IV(iv))
            }
        } catch {
            throw .incorrectPassword
        }
    }
}

/// PBKDF2-params (RFC 8018, A.2).
private struct Parameters: DERParseable {
    let salt: [UInt8]
    let iterations: Int
    let keyByteCount: Int?
    private let hash: AlgorithmIdentifier?

    init(derEncoded node: ASN1Node) throws {
        (salt, iterations, keyByteCount, hash) = try DER.sequence(node, identifier: .sequence) { nodes in
            let salt = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
            let iterations = try Int(derEncoded: &nodes)
            let keyByteCount: Int? = try DER.optionalImplicitlyTagged(&nodes)
            let hash: AlgorithmIdentifier? = try DER.optionalImplicitlyTagged(&nodes)
            return (salt, iterations, keyByteCount, hash)
        }
    }

    /// HMAC with SHA-1 where none is named.
    var function: SM2.PasswordHash {
        get throws(PKCS12Error) {
            guard let hash else { return .hmacSHA1 }
            guard hash.hasNoParameters else { throw .malformed }
            return switch hash.algorithm {
            case PKCS12Identifier.hmacSHA1: .hmacSHA1
            case PKCS12Identifier.hmacSHA256: .hmacSHA256
            case PKCS12Identifier.hmacSM3: .hmacSM3
            default: throw .unsupportedAlgorithm
            }
        }
    }
}

extension AlgorithmIdentifier {
    /// The parameters, which must be there.
    fileprivate func parameterNode() throws -> ASN1Node {
        guard let parameters else { throw PKCS12Error.malformed }
        var coder = DER.Serializer()
        try coder.serialize(parameters)
        return try DER.parse(coder.serializedBytes)
    }
}
