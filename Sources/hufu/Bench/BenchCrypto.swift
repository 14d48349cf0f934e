import ArgumentParser
import Foundation
import ShangMi

struct BenchCrypto: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crypto", abstract: "SM2, SM3 and SM4 beside the system's libcrypto, and a timing test.",
        discussion: """
            One core. Names that end in .portable are without the processor's special instructions. sm2.timing_t is \
            Welch's t between the times of two classes of secrets: beyond 10 they can be told apart.
            """)

    @OptionGroup var options: BenchOptions

    func run() async throws { try await options.run([Self.measure, BenchTiming.measure]) }

    static func measure(_ directory: String) async throws -> [BenchFigure] {
        let library = try OpenSSLLibrary()
        var figures: [BenchFigure] = []
        for (suffix, path) in [("", ShangMi.Path.preferred), (".portable", .portable)] {
            figures +=
                try keys(library, suffix) + hashes(library, suffix, path) + ciphers(library, suffix, path)
        }
        return figures
    }

    // MARK: SM2, in microseconds; it has one path, in Swift alone

    private static func keys(_ library: OpenSSLLibrary, _ suffix: String) throws -> [BenchFigure] {
        let key = SM2.Signing.PrivateKey()
        let reader = try SM2.Encryption.PrivateKey(rawRepresentation: key.rawRepresentation)
        let publicKey = key.publicKey
        let theirs = try library.key(der: key.derRepresentation)
        let message = [UInt8](repeating: 7, count: 32)
        let signature = key.signature(for: message)
        let der = signature.derRepresentation
        let ciphertext = try reader.publicKey.encrypt(message, format: .asn1)
        return [
            times(
                "sm2.sign\(suffix)", "a signature over 32 bytes, Z included",
                { _ = key.signature(for: message) }, { theirs.sign(message) }),
            times(
                "sm2.verify\(suffix)", "a verification under a key that is known, Z included",
                { precondition(publicKey.isValidSignature(signature, for: message)) },
                { theirs.verify(der, message) }),
            times(
                "sm2.encrypt\(suffix)", "encrypting 32 bytes",
                { _ = try? reader.publicKey.encrypt(message, format: .asn1) }, { theirs.encrypt(message) }),
            times(
                "sm2.decrypt\(suffix)", "decrypting 32 bytes",
                { _ = try? reader.decrypt(ciphertext, format: .asn1) }, { theirs.decrypt(ciphertext) }),
            times(
                "sm2.keygen\(suffix)", "a key and its public key",
                { _ = SM2.Signing.PrivateKey().publicKey }, { theirs.generate() }),
        ]
    }

    private static func times(
        _ name: String, _ what: String, _ ours: () -> Void, _ theirs: () -> Void
    ) -> BenchFigure {
        let (mine, other) = perCall(ours, theirs)
        return BenchFigure(
            name: name, value: mine * 1e6, unit: "µs", yardstick: "µs of libcrypto for \(what)",
            yardstickValue: other * 1e6)
    }

    // MARK: SM3 and SM4, in megabytes a second

    private static let text = [UInt8](repeating: 0x5A, count: 8192)

    private static func hashes(
        _ library: OpenSSLLibrary, _ suffix: String, _ path: ShangMi.Path
    ) throws -> [BenchFigure] {
        let theirs = try library.digester(text)
        let eight = [[UInt8]](repeating: text, count: 8)
        return [
            rates("sm3.8k\(suffix)", "SM3", bytes: text.count, { _ = SM3.hash(text.span) }, theirs),
            rates(
                "sm3.x8\(suffix)", "SM3, one message at a time", bytes: text.count * 8,
                { _ = SM3.hash(several: eight, path: path) }, { for _ in 0..<8 { theirs() } }),
        ]
    }

    private static func ciphers(
        _ library: OpenSSLLibrary, _ suffix: String, _ path: ShangMi.Path
    ) throws -> [BenchFigure] {
        let bytes = Array(0..<UInt8(16))
        let key = try SM4.Key(bytes.span, path: path)
        let iv = try SM4.IV(bytes)
        let nonce = try SM4.GCM.Nonce(Array(bytes.prefix(12)))
        let box = try SM4.GCM.seal(text, using: key, nonce: nonce)
        let cipher = { (name: String, encrypting: Bool) in
            try library.cipher(name, key: bytes, encrypting: encrypting, text)
        }
        let counter = try cipher("SM4-CTR", true)
        return [
            rates(
                "sm4.ecb.8k\(suffix)", "SM4-ECB", bytes: text.count,
                { _ = try? SM4.ECB.encrypt(text, using: key, padding: .none) }, try cipher("SM4-ECB", true)),
            rates(
                "sm4.cbc.decrypt.8k\(suffix)", "SM4-CBC decryption", bytes: text.count,
                { _ = try? SM4.CBC.decrypt(text, using: key, iv: iv, padding: .none) },
                try cipher("SM4-CBC", false)),
            rates(
                "sm4.ctr.8k\(suffix)", "SM4-CTR", bytes: text.count,
                { _ = SM4.CTR.apply(text, using: key, iv: iv) }, counter),
            rates(
                "sm4.gcm.seal.8k\(suffix)", "SM4-CTR (it has no GCM)", bytes: text.count,
                { _ = try? SM4.GCM.seal(text, using: key, nonce: nonce) }, counter),
            rates(
                "sm4.gcm.open.8k\(suffix)", "SM4-CTR (it has no GCM)", bytes: text.count,
                { _ = try? SM4.GCM.open(box, using: key) }, counter),
        ]
    }

    private static func rates(
        _ name: String, _ what: String, bytes: Int, _ ours: () -> Void, _ theirs: () -> Void
    ) -> BenchFigure {
        let (mine, other) = perCall(ours, theirs)
        return BenchFigure(
            name: name, value: Double(bytes) / mine / 1e6, unit: "MB/s",
            yardstick: "MB/s of libcrypto's \(what)", yardstickValue: Double(bytes) / other / 1e6)
    }
}
