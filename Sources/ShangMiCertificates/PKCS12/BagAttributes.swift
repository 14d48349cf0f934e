internal import SwiftASN1

/// What a file says about one of its keys or certificates (RFC 7292, 4.2). Attributes of other kinds, and
/// values that aren't what their kind has, are passed over.
struct BagAttributes {
    private(set) var friendlyName: String?
    private(set) var localKeyID: [UInt8]?

    /// - Parameter node: a SET, or nil where a bag has none.
    init(_ node: ASN1Node?) throws {
        guard let node else { return }
        // Read without regard to the order, in which not every program sorts them.
        let attributes = try DER.set(node, identifier: .set) { nodes in
            var attributes: [(ASN1ObjectIdentifier, ASN1Node?)] = []
            while let attribute = nodes.next() {
                attributes.append(
                    try DER.sequence(attribute, identifier: .sequence) { nodes in
                        (try ASN1ObjectIdentifier(derEncoded: &nodes), try Self.firstValue(nodes.required()))
                    })
            }
            return attributes
        }
        for case (let kind, let value?) in attributes {
            switch kind {
            case PKCS12Identifier.friendlyName:
                friendlyName = (try? ASN1BMPString(derEncoded: value)).map(Self.text)
            case PKCS12Identifier.localKeyID:
                localKeyID = (try? ASN1OctetString(derEncoded: value)).map { Array($0.bytes) }
            default: break
            }
        }
    }

    private static func firstValue(_ node: ASN1Node) throws -> ASN1Node? {
        try DER.set(node, identifier: .set) { nodes in
            let first = nodes.next()
            while nodes.next() != nil {}
            return first
        }
    }

    private static func text(_ string: ASN1BMPString) -> String {
        let bytes = Array(string.bytes)
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
            UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }
}
