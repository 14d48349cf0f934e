extension Scalar {
    /// 1…`highest` at random from the system's generator; what lies outside is drawn again, which says
    /// nothing of the number kept.
    static func random(through highest: UInt256) -> Scalar {
        var generator = SystemRandomNumberGenerator()
        while true {
            let value = UInt256(generator.next(), generator.next(), generator.next(), generator.next())
            if value.zeroMask | highest.lessMask(value) == 0 { return Scalar(unchecked: value) }
        }
    }

    /// n - 1, the highest nonce.
    static var highestNonce: UInt256 { order.subtracting(UInt256(1, 0, 0, 0)).difference }

    /// n - 2, the highest private key: with n - 1, 1 + d has no inverse (GB/T 32918.1, 6.1).
    static var highestPrivateKey: UInt256 { order.subtracting(UInt256(2, 0, 0, 0)).difference }
}
