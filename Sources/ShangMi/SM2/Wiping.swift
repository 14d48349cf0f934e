internal import CShangMi

extension [UInt8] {
    /// Overwrites the bytes with zeros that the compiler can't leave out.
    package mutating func wipe() {
        unsafe withUnsafeMutableBytes { unsafe shangmi_wipe($0.baseAddress, $0.count) }
    }
}
