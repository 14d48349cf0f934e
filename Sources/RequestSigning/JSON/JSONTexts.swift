/// The two buffers that hold a tree's texts; valid while the arrays behind it are borrowed.
struct JSONTexts {
    /// The document as it came.
    let source: UnsafeBufferPointer<UInt8>
    /// Texts whose source spells them with escapes, and converted names.
    let aside: UnsafeBufferPointer<UInt8>

    func callAsFunction(_ node: JSONNode) -> UnsafeBufferPointer<UInt8> {
        let home = node.marks.contains(.aside) ? aside : source
        let start = Int(node.start)
        return UnsafeBufferPointer(rebasing: home[start..<start + Int(node.count)])
    }
}
