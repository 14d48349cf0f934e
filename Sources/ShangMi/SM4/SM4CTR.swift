extension SM4 {
    /// Counter mode (GB/T 17964-2021, 9): a stream of key bytes that is added to the message.
    ///
    /// Encryption and decryption are one operation. The counter is the whole block, big-endian, and wraps.
    /// Nothing here notices a changed ciphertext: authenticate it, or take ``GCM``. Two messages with counter
    /// blocks in common give away their difference.
    public enum CTR {
        /// A whole message, either way.
        ///
        /// - Parameter iv: the first counter block.
        /// - Returns: as many bytes.
        public static func apply(_ message: Span<UInt8>, using key: Key, iv: IV) -> [UInt8] {
            var stream = Stream(using: key, iv: iv)
            return stream.update(message)
        }

        /// The same over an array.
        public static func apply(_ message: [UInt8], using key: Key, iv: IV) -> [UInt8] {
            apply(message.span, using: key, iv: iv)
        }

        /// A message piece by piece, either way.
        public struct Stream: Sendable {
            private var keys: SM4KeyStream

            /// - Parameter iv: the first counter block.
            public init(using key: Key, iv: IV) {
                keys = SM4KeyStream(key.schedule, from: iv.block, carries: true)
            }

            /// - Returns: as many bytes, at once.
            public mutating func update(_ piece: Span<UInt8>) -> [UInt8] {
                unsafe SM4.output(piece) { unsafe keys.apply($0, to: $1) }
            }
        }
    }

    /// A new array as long as the input, filled from it.
    static func output(
        _ input: Span<UInt8>, _ fill: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Void
    ) -> [UInt8] {
        unsafe input.withUnsafeBytes { input in
            unsafe [UInt8](unsafeUninitializedCapacity: input.count) { output, count in
                count = input.count
                unsafe fill(
                    input,
                    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(output)[..<count]))
            }
        }
    }
}
