extension SM4 {
    static let selfTestChecks = [
        // GB/T 32907-2016, A.1; the key is the plaintext.
        SelfTestCheck(name: "SM4") {
            guard let key = exampleKey else { return false }
            return key.encrypt(block: exampleBlock) == exampleResult
                && key.decrypt(block: exampleResult) == exampleBlock
        },
        SelfTestCheck(name: "SM4 of many blocks") {
            guard let key = exampleKey else { return false }
            let plaintext = repeated(exampleBlock, 75)
            let ciphertext = try? ECB.encrypt(plaintext, using: key, padding: .none)
            guard let ciphertext, ciphertext == repeated(exampleResult, 75) else { return false }
            return (try? ECB.decrypt(ciphertext, using: key, padding: .none)) == plaintext
        },
        SelfTestCheck(name: "SM4-GCM") {
            guard let key = exampleKey, let nonce = try? GCM.Nonce(exampleNonce) else { return false }
            let box = try? GCM.seal(exampleText, using: key, nonce: nonce, authenticating: exampleData)
            guard let box, box.tag == bytes(gcmTag) else { return false }
            return (try? GCM.open(box, using: key, authenticating: exampleData)) == exampleText
        },
        SelfTestCheck(name: "SM4-CCM") {
            guard let key = exampleKey, let nonce = try? CCM.Nonce(exampleNonce) else { return false }
            let box = try? CCM.seal(exampleText, using: key, nonce: nonce, authenticating: exampleData)
            guard let box, box.tag == bytes(ccmTag) else { return false }
            return (try? CCM.open(box, using: key, authenticating: exampleData)) == exampleText
        },
    ]

    private static let exampleBlock = SIMD16<UInt8>(
        0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10)
    private static let exampleResult = SIMD16<UInt8>(
        0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e, 0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46)

    /// A key from public bytes, so nothing is lost by keeping it.
    private static let exampleKey = try? Key(bytes(exampleBlock))

    // RFC 8998, A.1 and A.2.
    private static let exampleNonce: [UInt8] = [0, 0, 0x12, 0x34, 0x56, 0x78, 0, 0, 0, 0, 0xab, 0xcd]
    private static let exampleData: [UInt8] = [
        0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xfe, 0xed, 0xfa, 0xce, 0xde, 0xad, 0xbe, 0xef, 0xab,
        0xad,
        0xda, 0xd2,
    ]
    private static let exampleText: [UInt8] = [0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xee, 0xaa].flatMap {
        [UInt8](repeating: $0, count: 8)
    }
    private static let gcmTag = SIMD16<UInt8>(
        0x83, 0xde, 0x35, 0x41, 0xe4, 0xc2, 0xb5, 0x81, 0x77, 0xe0, 0x65, 0xa9, 0xbf, 0x7b, 0x62, 0xec)
    private static let ccmTag = SIMD16<UInt8>(
        0x16, 0x84, 0x2d, 0x4f, 0xa1, 0x86, 0xf5, 0x6a, 0xb3, 0x32, 0x56, 0x97, 0x1f, 0xa1, 0x10, 0xf4)

    private static func repeated(_ block: SIMD16<UInt8>, _ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in bytes(block) }
    }
}
