import Glibc

/// The system's libcrypto as an oracle, found at run time: nothing of it is linked.
struct OpenSSL: Sendable {
    typealias Pointer = UnsafeRawPointer?

    static let shared = OpenSSL()

    let isPresent: Bool
    private let library: UInt

    private init() {
        let handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL)
        isPresent = handle != nil
        library = UInt(bitPattern: handle)
    }

    /// A C function of the library, as the type the caller knows it has.
    func function<Function>(_ name: String, as type: Function.Type) -> Function {
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: library), name) else {
            fatalError("libcrypto lacks \(name)")
        }
        return unsafeBitCast(symbol, to: type)
    }

    func digest(_ message: [UInt8], algorithm: String = "SM3") -> [UInt8] {
        typealias Fetch = @convention(c) (Pointer, UnsafePointer<CChar>, Pointer) -> OpaquePointer?
        typealias Digest =
            @convention(c) (
                UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CUnsignedInt>,
                OpaquePointer?, Pointer
            ) -> CInt
        let fetch = function("EVP_MD_fetch", as: Fetch.self)
        let digest = function("EVP_Digest", as: Digest.self)
        let free = function("EVP_MD_free", as: (@convention(c) (OpaquePointer?) -> Void).self)
        let kind = fetch(nil, algorithm, nil)
        defer { free(kind) }
        var output = [UInt8](repeating: 0, count: 64)
        var count: CUnsignedInt = 0
        guard digest(message, message.count, &output, &count, kind, nil) == 1 else { return [] }
        return Array(output.prefix(Int(count)))
    }

    /// One whole message encrypted with a cipher such as `SM4-CBC`, `SM4-CTR` or `SM4-ECB`, and with PKCS#7
    /// where the mode pads.
    func cipher(
        _ algorithm: String, key: [UInt8], iv: [UInt8] = [], _ input: [UInt8]
    ) -> [UInt8]? {
        typealias Fetch = @convention(c) (Pointer, UnsafePointer<CChar>, Pointer) -> OpaquePointer?
        typealias Initialize =
            @convention(c) (
                OpaquePointer?, OpaquePointer?, Pointer, UnsafePointer<UInt8>, UnsafePointer<UInt8>, CInt
            ) -> CInt
        typealias Update =
            @convention(c) (
                OpaquePointer?, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CInt>, UnsafePointer<UInt8>,
                CInt
            ) -> CInt
        typealias Finish =
            @convention(c) (
                OpaquePointer?, UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<CInt>
            ) -> CInt
        typealias Release = @convention(c) (OpaquePointer?) -> Void
        let kind = function("EVP_CIPHER_fetch", as: Fetch.self)(nil, algorithm, nil)
        let context = function("EVP_CIPHER_CTX_new", as: (@convention(c) () -> OpaquePointer?).self)()
        defer {
            function("EVP_CIPHER_CTX_free", as: Release.self)(context)
            function("EVP_CIPHER_free", as: Release.self)(kind)
        }
        let vector = iv.isEmpty ? [UInt8](repeating: 0, count: 16) : iv
        let initialize = function("EVP_CipherInit_ex", as: Initialize.self)
        guard initialize(context, kind, nil, key, vector, 1) == 1 else { return nil }
        var output = [UInt8](repeating: 0, count: input.count + 32)
        var first: CInt = 0, last: CInt = 0
        let update = function("EVP_CipherUpdate", as: Update.self)
        guard update(context, &output, &first, input, CInt(input.count)) == 1 else { return nil }
        let finish = function("EVP_CipherFinal_ex", as: Finish.self)
        let finished = output.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return false }
            return finish(context, start + Int(first), &last) == 1
        }
        return finished ? Array(output.prefix(Int(first + last))) : nil
    }
}
