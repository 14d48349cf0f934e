import CZlib

/// Raw DEFLATE (RFC 1951) and the check sum of ZIP archives, by zlib.
enum Deflate {
    /// Raw: without zlib's own header.
    private static let window: Int32 = -15

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, bytes, UInt32(bytes.count)))
    }

    static func compress(_ bytes: [UInt8]) throws(FsiError) -> [UInt8] {
        var stream = z_stream()
        let started = deflateInit2_(
            &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard started == Z_OK else { throw FsiError(.invalidFile, "the file can't be compressed") }
        defer { deflateEnd(&stream) }
        // The bound leaves room for everything, so that one step is enough.
        var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let status = run(&stream, bytes[...], &packed) { deflate($0, Z_FINISH) }
        guard status == Z_STREAM_END else { throw FsiError(.invalidFile, "the file can't be compressed") }
        packed.removeLast(Int(stream.avail_out))
        return packed
    }

    /// Expands to exactly `size` bytes, and never to more, whatever the bytes would become.
    static func expand(_ bytes: ArraySlice<UInt8>, to size: Int) throws(FsiError) -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw FsiError(.invalidFile, "the file can't be expanded")
        }
        defer { inflateEnd(&stream) }
        // One byte more, so that a file of exactly the size can end.
        var content = [UInt8](repeating: 0, count: size + 1)
        let status = run(&stream, bytes, &content) { inflate($0, Z_FINISH) }
        guard status == Z_STREAM_END, stream.avail_out == 1 else {
            throw FsiError(.invalidFile, "the file doesn't expand to its size")
        }
        content.removeLast()
        return content
    }

    private static func run(
        _ stream: inout z_stream, _ input: ArraySlice<UInt8>, _ output: inout [UInt8],
        _ step: (UnsafeMutablePointer<z_stream>) -> Int32
    ) -> Int32 {
        input.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return step(&stream)
            }
        }
    }
}
