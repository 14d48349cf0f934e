internal import Crypto

extension SM3 {
    static let selfTestChecks = [
        // GB/T 32905-2016, A.1 and A.2.
        SelfTestCheck(name: "SM3") {
            let message = [UInt8]("abc".utf8)
            return hash(message.span) == SM3Digest(words: abc)
        },
        SelfTestCheck(name: "SM3 of several blocks") {
            hash(longMessage.span) == SM3Digest(words: long)
        },
        SelfTestCheck(name: "SM3 of several messages") {
            hash(several: [longMessage, [UInt8]("abc".utf8)]) == [
                SM3Digest(words: long), SM3Digest(words: abc),
            ]
        },
    ]

    private static let longMessage = [UInt8](String(repeating: "abcd", count: 16).utf8)

    private static let abc = SIMD8<UInt32>(
        0x66c7_f0f4, 0x62ee_edd9, 0xd1f2_d46b, 0xdc10_e4e2, 0x4167_c487, 0x5cf2_f7a2, 0x297d_a02b, 0x8f4b_a8e0
    )

    private static let long = SIMD8<UInt32>(
        0xdebe_9ff9, 0x2275_b8a1, 0x3860_4889, 0xc18e_5a4d, 0x6fdb_70e5, 0x387e_5765, 0x293d_cba3, 0x9c0c_5732
    )
}
