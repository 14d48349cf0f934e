internal import Crypto

/// HMAC (RFC 2104) with its two started hashes kept, so that many codes under one key cost two blocks each.
struct KeyedHash<Hash: HashFunction> {
    private var inner = Hash()
    private var outer = Hash()

    init(key: [UInt8]) {
        var block = key
        if key.count > Hash.blockByteCount {
            var hasher = Hash()
            unsafe key.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
            block = Array(hasher.finalize())
        }
        block += [UInt8](repeating: 0, count: Hash.blockByteCount - block.count)
        for index in block.indices { block[index] ^= 0x36 }
        unsafe block.withUnsafeBytes { unsafe inner.update(bufferPointer: $0) }
        for index in block.indices { block[index] ^= 0x36 ^ 0x5c }
        unsafe block.withUnsafeBytes { unsafe outer.update(bufferPointer: $0) }
        block.wipe()
    }

    /// The code of a message, `Hash.Digest.byteCount` bytes.
    func code(for message: [UInt8]) -> [UInt8] {
        var hasher = inner
        unsafe message.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
        var finish = outer
        let digest = Array(hasher.finalize())
        unsafe digest.withUnsafeBytes { unsafe finish.update(bufferPointer: $0) }
        return Array(finish.finalize())
    }
}
