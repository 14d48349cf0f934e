import Glibc

/// Texts in GBK, by the system's converter; old hospital systems send it where UTF-8 is due.
package enum GBKText {
    /// Nil for a text that GBK can't write, and where the system has no GBK.
    @Sendable package static func bytes(_ text: String) -> [UInt8]? {
        guard let converter = iconv_open("GBK", "UTF-8"), converter != iconv_t(bitPattern: -1) else {
            return nil
        }
        defer { iconv_close(converter) }
        var input = Array(text.utf8CString)
        // GBK takes no more bytes than UTF-8 does.
        var output = [CChar](repeating: 0, count: input.count)
        var isComplete = false
        let written = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var from = input.baseAddress
                var fromCount = input.count - 1
                var to = output.baseAddress
                var toCount = output.count
                isComplete = iconv(converter, &from, &fromCount, &to, &toCount) == 0 && fromCount == 0
                return output.count - toCount
            }
        }
        return isComplete ? output.prefix(written).map { UInt8(bitPattern: $0) } : nil
    }
}
