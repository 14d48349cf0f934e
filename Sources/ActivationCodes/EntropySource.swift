#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Where random bytes come from. Passed in wherever randomness is needed, so that a test can seed it.
///
/// RFC 4086 asks for the operating system's generator; ``system`` is that one and the only source for
/// production.
public struct EntropySource: Sendable {
    private let fill: @Sendable (UnsafeMutableRawBufferPointer) throws -> Void

    /// - Parameter fill: writes every byte of the buffer, or throws and is then trusted with none of them.
    public init(fill: @escaping @Sendable (UnsafeMutableRawBufferPointer) throws -> Void) {
        self.fill = fill
    }

    /// The kernel's generator: `getrandom(2)` with no flags, which blocks until the pool is seeded and never
    /// after.
    ///
    /// Reached through `getentropy(3)`, the one door to it that every C library here imports into Swift; it
    /// retries where a signal interrupts the wait, and gives at most 256 bytes a call.
    public static let system = EntropySource { buffer in
        var rest = buffer[...]
        while !rest.isEmpty {
            let part = UnsafeMutableRawBufferPointer(rebasing: rest.prefix(256))
            guard let start = part.baseAddress, getentropy(start, part.count) == 0 else {
                throw EntropyError.unavailable
            }
            rest = rest.dropFirst(part.count)
        }
    }

    /// Draws 32 bytes, so that a program can refuse to start where no randomness is to be had.
    ///
    /// - Throws: ``EntropyError/unavailable`` also where two draws in a row are equal: a source that repeats
    ///   itself is none.
    public func check() throws {
        let first = try bytes(32)
        let second = try bytes(32)
        guard first != second else { throw EntropyError.unavailable }
    }

    /// - Returns: `count` fresh bytes.
    public func bytes(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            try fill(UnsafeMutableRawBufferPointer(buffer))
            initializedCount = count
        }
    }

    /// Overwrites the whole buffer with fresh bytes.
    func refill(_ buffer: UnsafeMutableRawBufferPointer) throws {
        try fill(buffer)
    }
}

/// No randomness could be had. Nothing secret may be made without it, so there is no fallback.
public enum EntropyError: Error, Equatable {
    case unavailable
}
