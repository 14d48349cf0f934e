/// The two halves of CCM under one nonce (RFC 3610, 2).
struct SM4CCMCore {
    private let schedule: SM4Schedule
    private let nonce: [UInt8]
    private let tagByteCount: Int

    init(_ schedule: SM4Schedule, nonce: [UInt8], tagByteCount: Int) {
        self.schedule = schedule
        self.nonce = nonce
        self.tagByteCount = tagByteCount
    }

    /// L, the number of bytes for the length and for the counter.
    private var lengthByteCount: Int { 15 - nonce.count }

    private var counterFlags: UInt8 { UInt8(lengthByteCount - 1) }

    func hasRoom(for count: Int) -> Bool {
        lengthByteCount >= 8 || UInt64(count) < 1 << UInt64(8 * lengthByteCount)
    }

    /// Encrypts or decrypts: the counters from 1 up.
    func apply(to message: Span<UInt8>) -> [UInt8] {
        var keys = SM4KeyStream(schedule, from: block(flags: counterFlags, number: 1), carries: true)
        return unsafe SM4.output(message) { unsafe keys.apply($0, to: $1) }
    }

    /// - Returns: the tag in as many leading bytes as it has.
    func tag(of message: Span<UInt8>, additional: Span<UInt8>) -> SIMD16<UInt8> {
        let hasAdditional: UInt8 = additional.isEmpty ? 0 : 0x40
        let tagFlags = UInt8(8 * ((tagByteCount - 2) / 2))
        let first = block(flags: hasAdditional | tagFlags | counterFlags, number: UInt64(message.count))
        var chain = schedule.crypt(first, decrypting: false)
        if !additional.isEmpty {
            // The length and the data are one string of bytes: its first block has some of both.
            var head = Self.encodedLength(additional.count)
            let filling = min(16 - head.count, additional.count)
            for index in 0..<filling { head.append(additional[index]) }
            unsafe head.withUnsafeBytes { unsafe absorb($0, into: &chain) }
            let rest = additional.extracting(filling...)
            unsafe rest.withUnsafeBytes { unsafe absorb($0, into: &chain) }
        }
        unsafe message.withUnsafeBytes { unsafe absorb($0, into: &chain) }
        return chain ^ schedule.crypt(block(flags: counterFlags, number: 0), decrypting: false)
    }

    /// Flags, nonce, and a number in what is left of 16 bytes; big-endian.
    private func block(flags: UInt8, number: UInt64) -> SIMD16<UInt8> {
        var block = SIMD16<UInt8>()
        block[0] = flags
        for index in nonce.indices { block[1 + index] = nonce[index] }
        for index in 0..<min(lengthByteCount, 8) {
            block[15 - index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
        return block
    }

    /// Two, six or ten bytes.
    private static func encodedLength(_ count: Int) -> [UInt8] {
        func bigEndian(_ byteCount: Int) -> [UInt8] {
            (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        }
        if count < 0xff00 { return bigEndian(2) }
        return count <= UInt32.max ? [0xff, 0xfe] + bigEndian(4) : [0xff, 0xff] + bigEndian(8)
    }

    /// CBC-MAC of the bytes, the last block filled up with zeros.
    private func absorb(_ bytes: UnsafeRawBufferPointer, into chain: inout SIMD16<UInt8>) {
        let whole = bytes.count & ~15
        let pieceCount = 1024
        unsafe withUnsafeTemporaryAllocation(byteCount: pieceCount, alignment: 16) { scratch in
            for start in stride(from: 0, to: whole, by: pieceCount) {
                let end = min(start + pieceCount, whole)
                unsafe schedule.encryptChain(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<end]), to: scratch, chain: &chain)
            }
        }
        guard whole < bytes.count else { return }
        var block = SIMD16<UInt8>()
        for index in whole..<bytes.count { block[index - whole] = unsafe bytes[index] }
        chain = schedule.crypt(chain ^ block, decrypting: false)
    }
}
