import Foundation

/// The system's libcrypto, found at run time as a yardstick: nothing of it is linked.
struct OpenSSLLibrary {
    typealias Object = OpaquePointer?
    typealias Free = @convention(c) (Object) -> Void

    private let handle: UnsafeMutableRawPointer

    init() throws {
        guard let handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL) else {
            throw CommandFailure(
                .environment, "error: no libcrypto.so.3 to compare with; install OpenSSL 3 (libssl3)")
        }
        self.handle = handle
    }

    func function<Function>(_ name: String, _ type: Function.Type) -> Function {
        guard let symbol = dlsym(handle, name) else { preconditionFailure("libcrypto 3 has no \(name)") }
        return unsafeBitCast(symbol, to: type)
    }

    private typealias Fetch = @convention(c) (Object, UnsafePointer<CChar>, UnsafePointer<CChar>?) -> Object

    /// Hashes the text once a call.
    func digester(_ text: [UInt8]) throws -> () -> Void {
        typealias Digest =
            @convention(c) (
                UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CUnsignedInt>?,
                Object, Object
            ) -> CInt
        let kind = function("EVP_MD_fetch", Fetch.self)(nil, "SM3", nil)
        guard kind != nil else { throw Self.lacks("SM3") }
        let digest = function("EVP_Digest", Digest.self)
        return {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { output in
                guard let start = output.baseAddress else { return }
                precondition(digest(text, text.count, start, nil, kind, nil) == 1)
            }
        }
    }

    /// Encrypts or decrypts the text once a call.
    func cipher(_ name: String, key: [UInt8], encrypting: Bool, _ text: [UInt8]) throws -> () -> Void {
        typealias Start =
            @convention(c) (Object, Object, Object, UnsafePointer<UInt8>, UnsafePointer<UInt8>, CInt) -> CInt
        typealias Update =
            @convention(c) (
                Object, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CInt>, UnsafePointer<UInt8>, CInt
            ) -> CInt
        let kind = function("EVP_CIPHER_fetch", Fetch.self)(nil, name, nil)
        let context = function("EVP_CIPHER_CTX_new", (@convention(c) () -> Object).self)()
        let start = function("EVP_CipherInit_ex", Start.self)
        let pad = function("EVP_CIPHER_CTX_set_padding", (@convention(c) (Object, CInt) -> CInt).self)
        guard kind != nil, start(context, kind, nil, key, key, encrypting ? 1 : 0) == 1, pad(context, 0) == 1
        else { throw Self.lacks(name) }
        let update = function("EVP_CipherUpdate", Update.self)
        return {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 32) { output in
                guard let start = output.baseAddress else { return }
                var count: CInt = 0
                precondition(update(context, start, &count, text, CInt(text.count)) == 1)
            }
        }
    }

    func key(der: [UInt8], _ scheme: OpenSSLKey.Scheme = .sm2) throws -> OpenSSLKey {
        try OpenSSLKey(self, der: der, scheme)
    }

    /// HMAC-SHA256 of the text under the key.
    func authenticate(_ text: [UInt8], key: [UInt8]) {
        typealias Authenticate =
            @convention(c) (
                Object, UnsafePointer<UInt8>, CInt, UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>,
                UnsafeMutablePointer<CUnsignedInt>?
            ) -> UnsafeMutablePointer<UInt8>?
        let digest = function("EVP_sha256", (@convention(c) () -> Object).self)()
        let authenticate = function("HMAC", Authenticate.self)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { output in
            guard let start = output.baseAddress else { return }
            precondition(authenticate(digest, key, CInt(key.count), text, text.count, start, nil) != nil)
        }
    }

    static func lacks(_ name: String) -> CommandFailure {
        CommandFailure(.environment, "error: this libcrypto has no \(name)")
    }
}
