/// The nonces of RFC 6979, 3.2, with HMAC-SM3: a function of the private key and the digest alone.
struct DeterministicNonces {
    private var key: [UInt8]
    private var state: [UInt8]
    private var isFirst = true

    /// - Parameter digest: SM3(Z ‖ M) modulo n.
    init(key scalar: Scalar, digest: Scalar) {
        key = [UInt8](repeating: 0, count: SM3.byteCount)
        state = [UInt8](repeating: 1, count: SM3.byteCount)
        var seed = scalar.value.bytes
        digest.value.append(to: &seed)
        stir(0, seed)
        stir(1, seed)
        seed.wipe()
    }

    /// The next candidate, 1…n - 1.
    mutating func next() -> Scalar {
        while true {
            if !isFirst { stir(0, []) }
            isFirst = false
            state = KeyedHash<SM3>(key: key).code(for: state)
            let value = UInt256(bigEndian: state.span)
            if value.zeroMask | Scalar.highestNonce.lessMask(value) == 0 { return Scalar(unchecked: value) }
        }
    }

    /// K = HMAC(K, V ‖ marker ‖ seed), V = HMAC(K, V).
    private mutating func stir(_ marker: UInt8, _ seed: [UInt8]) {
        var message = state + [marker] + seed
        key = KeyedHash<SM3>(key: key).code(for: message)
        state = KeyedHash<SM3>(key: key).code(for: state)
        message.wipe()
    }
}
