/// Containers that libcrypto writes and reads.
extension OpenSSLKey {
    private typealias Transfer = @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?, CInt) -> CInt

    /// SEC1, as libcrypto encodes it.
    var sec1: [UInt8] { encoded("i2d_PrivateKey") }

    var publicInfo: [UInt8] { encoded("i2d_PUBKEY") }

    private func encoded(_ name: String) -> [UInt8] {
        typealias Encode =
            @convention(c) (
                OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
            ) -> CInt
        var output = [UInt8](repeating: 0, count: 512)
        let count = output.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return library.function(name, as: Encode.self)(key, &start)
        }
        return Array(output.prefix(Int(count)))
    }

    /// PKCS#8 under a password with PBES2, HMAC-SHA256 and a cipher such as `sm4-cbc`.
    func encrypted(cipher: String, password: String) -> [UInt8] {
        typealias Named = @convention(c) (UnsafePointer<CChar>) -> OpaquePointer?
        typealias Write =
            @convention(c) (
                OpaquePointer?, OpaquePointer?, OpaquePointer?, UnsafePointer<CChar>, CInt, UnsafeRawPointer?,
                UnsafeRawPointer?
            ) -> CInt
        let cipher = library.function("EVP_get_cipherbyname", as: Named.self)(cipher)
        return Self.withMemory { memory in
            let write = library.function("i2d_PKCS8PrivateKey_bio", as: Write.self)
            guard write(memory, key, cipher, password, CInt(password.utf8.count), nil, nil) == 1 else {
                return []
            }
            var output = [UInt8](repeating: 0, count: 1024)
            let count = library.function("BIO_read", as: Transfer.self)(memory, &output, 1024)
            return Array(output.prefix(Int(count)))
        }
    }

    /// A key from PKCS#8 under a password.
    static func opened(encrypted der: [UInt8], password: String) -> OpenSSLKey? {
        typealias Read =
            @convention(c) (
                OpaquePointer?, UnsafeRawPointer?, UnsafeRawPointer?, UnsafePointer<CChar>
            ) -> OpaquePointer?
        var der = der
        return withMemory { memory in
            _ = OpenSSL.shared.function("BIO_write", as: Transfer.self)(memory, &der, CInt(der.count))
            let read = OpenSSL.shared.function("d2i_PKCS8PrivateKey_bio", as: Read.self)
            return read(memory, nil, nil, password).map(OpenSSLKey.init(owned:))
        }
    }

    private static func withMemory<Result>(_ body: (OpaquePointer?) -> Result) -> Result {
        typealias Make = @convention(c) (OpaquePointer?) -> OpaquePointer?
        typealias Free = @convention(c) (OpaquePointer?) -> CInt
        let library = OpenSSL.shared
        let kind = library.function("BIO_s_mem", as: (@convention(c) () -> OpaquePointer?).self)()
        let memory = library.function("BIO_new", as: Make.self)(kind)
        defer { _ = library.function("BIO_free", as: Free.self)(memory) }
        return body(memory)
    }
}
