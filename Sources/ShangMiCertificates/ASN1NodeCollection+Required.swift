internal import SwiftASN1
internal import X509

extension ASN1NodeCollection.Iterator {
    /// The next element, which must be there.
    mutating func required() throws -> ASN1Node {
        guard let node = next() else { throw ASN1Error.truncatedASN1Field() }
        return node
    }
}

extension DistinguishedName {
    /// The next element as a name.
    init(next nodes: inout ASN1NodeCollection.Iterator) throws {
        let node = try nodes.required()
        self = try DistinguishedName(derEncoded: node)
    }

    /// Its DER: names are the same when these bytes are, whatever Unicode says about their characters.
    var encoded: [UInt8] {
        get throws {
            var coder = DER.Serializer()
            try coder.serialize(self)
            return coder.serializedBytes
        }
    }
}
