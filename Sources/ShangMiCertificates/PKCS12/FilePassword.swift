internal import ShangMi

/// A file's password in the two forms that PKCS#12 takes it in, wiped with its last owner.
final class FilePassword {
    /// For PBES2.
    private(set) var utf8: [UInt8]
    /// For the code over the file: UTF-16 from the most significant byte on, and a zero at the end
    /// (RFC 7292, B.1).
    private(set) var terminatedUTF16: [UInt8]

    init(_ text: String) {
        utf8 = Array(text.utf8)
        terminatedUTF16 = []
        // In one piece, so that no smaller copy is left behind.
        terminatedUTF16.reserveCapacity(2 * text.utf16.count + 2)
        for unit in text.utf16 {
            terminatedUTF16.append(UInt8(truncatingIfNeeded: unit >> 8))
            terminatedUTF16.append(UInt8(truncatingIfNeeded: unit))
        }
        terminatedUTF16 += [0, 0]
    }

    deinit {
        utf8.wipe()
        terminatedUTF16.wipe()
    }
}
