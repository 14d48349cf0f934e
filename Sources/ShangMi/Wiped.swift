internal import CShangMi

/// Secret bytes on the heap, overwritten when their last owner lets go of them.
///
/// Prints, dumps and mirrors as “redacted”. The content is written once, inside the initializer; that is
/// what makes sharing it between tasks sound, so nothing may write to it later.
@safe final class Wiped: @unchecked Sendable {
    let count: Int
    private let storage: UnsafeMutableRawBufferPointer

    /// - Parameter fill: gets `byteCount` zero bytes, aligned to 64.
    init<Failure: Error>(
        byteCount: Int, filling fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        count = byteCount
        unsafe storage = .allocate(byteCount: byteCount, alignment: 64)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0)
        try unsafe fill(storage)
    }

    convenience init(_ bytes: Span<UInt8>) {
        unsafe self.init(byteCount: bytes.count) { storage in
            unsafe bytes.withUnsafeBytes { unsafe storage.copyMemory(from: $0) }
        }
    }

    deinit {
        unsafe shangmi_wipe(storage.baseAddress, count)
        unsafe storage.deallocate()
    }

    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(storage))
    }
}

extension Wiped: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "redacted" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
