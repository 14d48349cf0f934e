package import ActivationCodes
import Crypto
import CryptoExtras
import Dispatch
import Foundation
import Synchronization

/// Passwords, hashed by scrypt (RFC 7914) at the parameters OWASP gives first: N = 2^17, r = 8, p = 1.
///
/// One hash takes 128 MiB for some tenths of a second: they run one after another on a thread of their own,
/// and no more than `longestQueue` may wait.
package final class PasswordHasher: Sendable {
    package struct Cost: Sendable {
        var rounds: Int
        var blockSize = 8
        var parallelism = 1

        /// OWASP Password Storage Cheat Sheet, scrypt.
        package static let standard = Cost(rounds: 1 << 17)

        package init(rounds: Int) { self.rounds = rounds }
    }

    static let longestQueue = 32

    private let cost: Cost
    private let entropy: EntropySource
    private let queue = DispatchQueue(label: "hufu.passwords")
    private let waiting = Mutex(0)

    package init(cost: Cost = .standard, entropy: EntropySource) {
        self.cost = cost
        self.entropy = entropy
    }

    /// `scrypt$N$r$p$salt$hash`, the last two in Base64.
    func hash(_ password: String) async throws -> String {
        let salt = Data(try entropy.bytes(16))
        let derived = try await derive(password, salt, cost)
        return [
            "scrypt", "\(cost.rounds)", "\(cost.blockSize)", "\(cost.parallelism)",
            salt.base64EncodedString(),
            derived.withUnsafeBytes { Data($0) }.base64EncodedString(),
        ].joined(separator: "$")
    }

    /// Takes as long for an unknown operator (nil) as for a wrong password.
    func verify(_ password: String, against encoded: String?) async throws -> Bool {
        let parts = (encoded ?? "").split(separator: "$").map(String.init)
        guard parts.count == 6, let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64Encoded: parts[4]),
            let expected = Data(base64Encoded: parts[5])
        else {
            _ = try await derive(password, Data(repeating: 0, count: 16), cost)
            return false
        }
        var stored = Cost(rounds: rounds)
        stored.blockSize = blockSize
        stored.parallelism = parallelism
        // Keys compare in constant time.
        return try await derive(password, salt, stored) == SymmetricKey(data: expected)
    }

    private func derive(_ password: String, _ salt: Data, _ cost: Cost) async throws -> SymmetricKey {
        let mayWait = waiting.withLock { count in
            if count >= Self.longestQueue { return false }
            count += 1
            return true
        }
        guard mayWait else { throw InputError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result {
                        try KDF.Scrypt.deriveKey(
                            from: Data(password.utf8), salt: salt, outputByteCount: 32, rounds: cost.rounds,
                            blockSize: cost.blockSize, parallelism: cost.parallelism)
                    })
            }
        }
    }
}
