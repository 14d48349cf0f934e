internal import Crypto

/// PBKDF2 (RFC 8018, 5.2).
package enum PasswordDerivation {
    /// Refused above, so that a forged key file can't keep a reader busy for hours.
    package static let highestIterationCount = 10_000_000

    package static func derive(
        _ function: SM2.PasswordHash, password: [UInt8], salt: [UInt8], iterations: Int, byteCount: Int
    ) -> [UInt8] {
        switch function {
        case .hmacSM3: derive(SM3.self, password, salt, iterations, byteCount)
        case .hmacSHA256: derive(SHA256.self, password, salt, iterations, byteCount)
        case .hmacSHA1: derive(Insecure.SHA1.self, password, salt, iterations, byteCount)
        }
    }

    private static func derive<Hash: HashFunction>(
        _: Hash.Type, _ password: [UInt8], _ salt: [UInt8], _ iterations: Int, _ byteCount: Int
    ) -> [UInt8] {
        let hash = KeyedHash<Hash>(key: password)
        var output: [UInt8] = []
        var number: UInt32 = 1
        while output.count < byteCount {
            var code = hash.code(
                for: salt + (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) })
            var block = code
            for _ in 1..<iterations {
                code = hash.code(for: code)
                for index in block.indices { block[index] ^= code[index] }
            }
            output += block.prefix(byteCount - output.count)
            number += 1
        }
        return output
    }
}
