/// An SM2 key inside libcrypto; nil wherever libcrypto refuses.
final class OpenSSLKey {
    private typealias Bytes = UnsafePointer<UInt8>?
    private typealias Output = UnsafeMutablePointer<UInt8>?
    private typealias Context = OpaquePointer?
    private typealias Decode =
        @convention(c) (
            UnsafeRawPointer?, UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int
        ) -> OpaquePointer?
    private typealias Crypt = @convention(c) (Context, Output, UnsafeMutablePointer<Int>, Bytes, Int) -> CInt
    private typealias Check = @convention(c) (Context, Bytes, Int, Bytes, Int) -> CInt
    private typealias Release = @convention(c) (OpaquePointer?) -> Void
    private typealias Start = @convention(c) (Context) -> CInt

    let library = OpenSSL.shared
    let key: OpaquePointer

    init(owned key: OpaquePointer) { self.key = key }

    /// A PKCS#8 or SEC1 private key.
    convenience init?(privateDER der: [UInt8]) { self.init("d2i_AutoPrivateKey", der) }

    /// A SubjectPublicKeyInfo.
    convenience init?(publicDER der: [UInt8]) { self.init("d2i_PUBKEY", der) }

    private init?(_ decoder: String, _ der: [UInt8]) {
        let decode = OpenSSL.shared.function(decoder, as: Decode.self)
        let decoded = der.withUnsafeBufferPointer { buffer in
            var start = buffer.baseAddress
            return decode(nil, &start, buffer.count)
        }
        guard let decoded else { return nil }
        key = decoded
    }

    deinit { library.function("EVP_PKEY_free", as: Release.self)(key) }

    /// A signature in DER over a message, Z included.
    func signature(for message: [UInt8], userID: [UInt8]) -> [UInt8]? {
        typealias Sign = Crypt
        return withDigest(userID, "EVP_DigestSignInit") { context in
            let sign = library.function("EVP_DigestSign", as: Sign.self)
            var output = [UInt8](repeating: 0, count: 128)
            var count = output.count
            guard sign(context, &output, &count, message, message.count) == 1 else { return nil }
            return Array(output.prefix(count))
        }
    }

    func isValidSignature(_ signature: [UInt8], for message: [UInt8], userID: [UInt8]) -> Bool {
        withDigest(userID, "EVP_DigestVerifyInit") { context -> Bool in
            let verify = library.function("EVP_DigestVerify", as: Check.self)
            return verify(context, signature, signature.count, message, message.count) == 1
        } ?? false
    }

    func isValidSignature(_ signature: [UInt8], forDigest digest: [UInt8]) -> Bool {
        withContext("EVP_PKEY_verify_init") { context -> Bool in
            let verify = library.function("EVP_PKEY_verify", as: Check.self)
            return verify(context, signature, signature.count, digest, digest.count) == 1
        } ?? false
    }

    /// C1C3C2 in the DER of GM/T 0009.
    func encrypt(_ plaintext: [UInt8]) -> [UInt8]? { crypt("EVP_PKEY_encrypt", plaintext) }

    func decrypt(_ ciphertext: [UInt8]) -> [UInt8]? { crypt("EVP_PKEY_decrypt", ciphertext) }

    private func crypt(_ name: String, _ input: [UInt8]) -> [UInt8]? {
        withContext(name + "_init") { context -> [UInt8]? in
            let crypt = library.function(name, as: Crypt.self)
            var output = [UInt8](repeating: 0, count: input.count + 256)
            var count = output.count
            guard crypt(context, &output, &count, input, input.count) == 1 else { return nil }
            return Array(output.prefix(count))
        } ?? nil
    }

    private func withContext<Result>(_ start: String, _ body: (OpaquePointer) -> Result) -> Result? {
        typealias Make = @convention(c) (OpaquePointer?, UnsafeRawPointer?) -> OpaquePointer?
        guard let context = library.function("EVP_PKEY_CTX_new", as: Make.self)(key, nil) else { return nil }
        defer { library.function("EVP_PKEY_CTX_free", as: Release.self)(context) }
        guard library.function(start, as: Start.self)(context) == 1 else { return nil }
        return body(context)
    }

    private func withDigest<Result>(
        _ userID: [UInt8], _ start: String, _ body: (OpaquePointer) -> Result?
    ) -> Result? {
        typealias Make = @convention(c) (OpaquePointer?, UnsafeRawPointer?) -> OpaquePointer?
        typealias Attach = @convention(c) (OpaquePointer?, OpaquePointer?) -> Void
        typealias Begin =
            @convention(c) (
                OpaquePointer?, UnsafeRawPointer?, OpaquePointer?, UnsafeRawPointer?, OpaquePointer?
            ) -> CInt
        typealias SetID = @convention(c) (OpaquePointer?, UnsafePointer<UInt8>?, Int) -> CInt
        let digest = library.function("EVP_sm3", as: (@convention(c) () -> OpaquePointer?).self)()
        let context = library.function("EVP_MD_CTX_new", as: (@convention(c) () -> OpaquePointer?).self)()
        let keyContext = library.function("EVP_PKEY_CTX_new", as: Make.self)(key, nil)
        defer {
            library.function("EVP_MD_CTX_free", as: Release.self)(context)
            library.function("EVP_PKEY_CTX_free", as: Release.self)(keyContext)
        }
        let setID = library.function("EVP_PKEY_CTX_set1_id", as: SetID.self)
        library.function("EVP_MD_CTX_set_pkey_ctx", as: Attach.self)(context, keyContext)
        guard let context, setID(keyContext, userID, userID.count) == 1,
            library.function(start, as: Begin.self)(context, nil, digest, nil, key) == 1
        else { return nil }
        return body(context)
    }
}
