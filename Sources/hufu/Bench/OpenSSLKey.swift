import Foundation

/// A private key inside libcrypto. Each call does one operation and must succeed.
final class OpenSSLKey {
    enum Scheme: String {
        /// SM2 with SM3 and the default user id.
        case sm2 = "SM2"
        /// With SHA-256.
        case ecdsa = "ECDSA"
        /// With SHA-256 throughout.
        case rsaPSS = "RSA-PSS"
    }

    private typealias Object = OpenSSLLibrary.Object
    private typealias Step = @convention(c) (Object) -> CInt
    private typealias Make = @convention(c) (Object, Object) -> Object
    private typealias Crypt =
        @convention(c) (
            Object, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Int>, UnsafePointer<UInt8>, Int
        )
        -> CInt
    private typealias Check =
        @convention(c) (Object, UnsafePointer<UInt8>, Int, UnsafePointer<UInt8>, Int) -> CInt
    private typealias Begin =
        @convention(c) (Object, UnsafeMutablePointer<OpaquePointer?>?, Object, Object, Object) -> CInt

    private static let userID = Array("1234567812345678".utf8)
    /// RSA_PKCS1_PSS_PADDING
    private static let pss: CInt = 6

    private let library: OpenSSLLibrary
    private let scheme: Scheme
    private let key: OpaquePointer
    private let digest: OpenSSLLibrary.Object
    private let free: (context: OpenSSLLibrary.Free, digest: OpenSSLLibrary.Free, key: OpenSSLLibrary.Free)
    private let makeContext: Make

    init(_ library: OpenSSLLibrary, der: [UInt8], _ scheme: Scheme) throws {
        typealias Decode =
            @convention(c) (Object, UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> Object
        let decode = library.function("d2i_AutoPrivateKey", Decode.self)
        let decoded = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return decode(nil, &start, bytes.count)
        }
        guard let decoded else { throw OpenSSLLibrary.lacks(scheme.rawValue) }
        key = decoded
        self.library = library
        self.scheme = scheme
        let name = scheme == .sm2 ? "EVP_sm3" : "EVP_sha256"
        digest = library.function(name, (@convention(c) () -> Object).self)()
        free = (
            library.function("EVP_PKEY_CTX_free", OpenSSLLibrary.Free.self),
            library.function("EVP_MD_CTX_free", OpenSSLLibrary.Free.self),
            library.function("EVP_PKEY_free", OpenSSLLibrary.Free.self)
        )
        makeContext = library.function("EVP_PKEY_CTX_new", Make.self)
    }

    deinit { free.key(key) }

    func sign(_ message: [UInt8]) {
        let sign = library.function("EVP_DigestSign", Crypt.self)
        withDigest("EVP_DigestSignInit") { context in
            var output = [UInt8](repeating: 0, count: 128)
            var count = output.count
            return sign(context, &output, &count, message, message.count)
        }
    }

    func verify(_ signature: [UInt8], _ message: [UInt8]) {
        let verify = library.function("EVP_DigestVerify", Check.self)
        withDigest("EVP_DigestVerifyInit") { verify($0, signature, signature.count, message, message.count) }
    }

    func encrypt(_ plaintext: [UInt8]) { crypt("EVP_PKEY_encrypt", plaintext) }

    func decrypt(_ ciphertext: [UInt8]) { crypt("EVP_PKEY_decrypt", ciphertext) }

    func generate() {
        typealias Generate = @convention(c) (Object, UnsafeMutablePointer<OpaquePointer?>) -> CInt
        let generate = library.function("EVP_PKEY_generate", Generate.self)
        withContext("EVP_PKEY_keygen_init") { context in
            var made: OpaquePointer?
            defer { free.key(made) }
            return generate(context, &made)
        }
    }

    private func crypt(_ name: String, _ input: [UInt8]) {
        let crypt = library.function(name, Crypt.self)
        withContext(name + "_init") { context in
            var output = [UInt8](repeating: 0, count: input.count + 256)
            var count = output.count
            return crypt(context, &output, &count, input, input.count)
        }
    }

    private func withContext(_ start: String, _ body: (OpaquePointer?) -> CInt) {
        let context = makeContext(key, nil)
        defer { free.context(context) }
        precondition(library.function(start, Step.self)(context) == 1 && body(context) == 1)
    }

    private func withDigest(_ start: String, _ body: (OpaquePointer?) -> CInt) {
        let context = library.function("EVP_MD_CTX_new", (@convention(c) () -> Object).self)()
        defer { free.digest(context) }
        let begin = library.function(start, Begin.self)
        if scheme == .sm2 {
            let keyContext = named(context)
            defer { free.context(keyContext) }
            precondition(begin(context, nil, digest, nil, key) == 1 && body(context) == 1)
            return
        }
        // Owned by the digest's context.
        var keyContext: OpaquePointer?
        precondition(begin(context, &keyContext, digest, nil, key) == 1)
        if scheme == .rsaPSS {
            typealias SetPadding = @convention(c) (Object, CInt) -> CInt
            let setPadding = library.function("EVP_PKEY_CTX_set_rsa_padding", SetPadding.self)
            precondition(setPadding(keyContext, Self.pss) == 1)
        }
        precondition(body(context) == 1)
    }

    /// SM2's user id has to be there before the digest begins.
    private func named(_ context: OpaquePointer?) -> OpaquePointer? {
        typealias SetID = @convention(c) (Object, UnsafePointer<UInt8>, Int) -> CInt
        typealias Attach = @convention(c) (Object, Object) -> Void
        let keyContext = makeContext(key, nil)
        library.function("EVP_MD_CTX_set_pkey_ctx", Attach.self)(context, keyContext)
        let setID = library.function("EVP_PKEY_CTX_set1_id", SetID.self)
        precondition(setID(keyContext, Self.userID, Self.userID.count) == 1)
        return keyContext
    }
}
