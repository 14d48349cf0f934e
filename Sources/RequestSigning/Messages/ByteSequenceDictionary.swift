/// A dictionary of byte sequences without parameters: the form of `Signature` and of `Content-Digest`.
struct ByteSequenceDictionary {
    /// Enough for every honest message, and a bound on the work of a dishonest one.
    static let maximumCount = 8

    struct Member {
        let key: String
        /// Where the Base64 stands; nil if the member is an item of another type.
        let base64: Range<Int>?
    }

    private let text: [UInt8]
    private(set) var members: [Member] = []

    /// - Throws: if it is no dictionary, is empty, has a key twice, or more than ``maximumCount`` members.
    init(_ text: [UInt8]) throws(StructuredFieldScanner.Malformed) {
        self.text = text
        var scanner = StructuredFieldScanner(text)
        var unused: [UInt8] = []
        repeat {
            let key = try scanner.key()
            try scanner.expect(UInt8(ascii: "="))
            let item = try scanner.bareItem(appendingTo: &unused)
            guard members.count < Self.maximumCount, self[key] == nil else {
                throw StructuredFieldScanner.Malformed()
            }
            if case .byteSequence(let base64) = item {
                members.append(Member(key: key, base64: base64))
            } else {
                members.append(Member(key: key, base64: nil))
            }
        } while try scanner.nextMember()
    }

    subscript(key: String) -> Member? { members.first { $0.key == key } }

    /// The member's bytes; nil if it is no byte sequence, or not in canonical Base64.
    func bytes(of member: Member) -> [UInt8]? { member.base64.flatMap { ByteSequence.decode(text[$0]) } }
}
