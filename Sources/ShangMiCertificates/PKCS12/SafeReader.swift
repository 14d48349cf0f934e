internal import ShangMi
internal import SwiftASN1

/// Reads a file from the outside in (RFC 7292, 4).
struct SafeReader {
    private static let version = 3

    private let password: FilePassword
    private(set) var keys: [PKCS12.PrivateKey] = []
    private(set) var certificates: [PKCS12.Certificate] = []

    static func read(
        _ bytes: [UInt8], password: String
    ) throws(PKCS12Error) -> (keys: [PKCS12.PrivateKey], certificates: [PKCS12.Certificate]) {
        do {
            var reader = SafeReader(password: FilePassword(password))
            try reader.readFile(bytes)
            return (reader.keys, reader.certificates)
        } catch {
            throw error as? PKCS12Error ?? .malformed
        }
    }

    private init(password: FilePassword) { self.password = password }

    /// PFX: the code first, then what it is over.
    private mutating func readFile(_ bytes: [UInt8]) throws {
        let (content, code) = try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
            guard try Int(derEncoded: &nodes) == Self.version else { throw PKCS12Error.malformed }
            let (kind, content) = try Self.contentInfo(nodes.required())
            // Signed files, by public keys, are a thing of the standard alone.
            guard kind == PKCS12Identifier.data else { throw PKCS12Error.unsupportedAlgorithm }
            guard let code = nodes.next() else { throw PKCS12Error.notAuthenticated }
            return (
                Array(try ASN1OctetString(derEncoded: content).bytes), try IntegrityCode(derEncoded: code)
            )
        }
        guard code.authenticates(content, under: password) else { throw PKCS12Error.incorrectPassword }
        for part in try DER.sequence(of: ASN1Any.self, identifier: .sequence, rootNode: DER.parse(content)) {
            try readPart(part)
        }
    }

    /// A ContentInfo of the AuthenticatedSafe: bags in the clear or encrypted.
    private mutating func readPart(_ part: ASN1Any) throws {
        var coder = DER.Serializer()
        try coder.serialize(part)
        let (kind, content) = try Self.contentInfo(DER.parse(coder.serializedBytes))
        switch kind {
        case PKCS12Identifier.data:
            try readBags(DER.parse(ASN1OctetString(derEncoded: content).bytes))
        case PKCS12Identifier.encryptedData:
            let (algorithm, ciphertext) = try Self.encryptedContent(content)
            try withPlaintext(of: ciphertext, algorithm) { reader, plaintext in
                try reader.readBags(DER.parse(plaintext))
            }
        default: throw PKCS12Error.unsupportedAlgorithm
        }
    }

    private static func contentInfo(_ node: ASN1Node) throws -> (ASN1ObjectIdentifier, ASN1Node) {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(derEncoded: &nodes)
            let content = try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            return (kind, content)
        }
    }

    /// EncryptedData (RFC 5652, 8).
    private static func encryptedContent(_ node: ASN1Node) throws -> (AlgorithmIdentifier, [UInt8]) {
        try DER.sequence(node, identifier: .sequence) { nodes in
            guard try Int(derEncoded: &nodes) == 0 else { throw PKCS12Error.malformed }
            return try DER.sequence(nodes.required(), identifier: .sequence) { nodes in
                guard try ASN1ObjectIdentifier(derEncoded: &nodes) == PKCS12Identifier.data else {
                    throw PKCS12Error.unsupportedAlgorithm
                }
                let algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
                let tag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
                let content = try ASN1OctetString(derEncoded: nodes.required(), withIdentifier: tag)
                return (algorithm, Array(content.bytes))
            }
        }
    }

    /// SafeContents.
    private mutating func readBags(_ node: ASN1Node) throws {
        let bags = try DER.sequence(node, identifier: .sequence) { nodes in
            var bags: [ASN1Node] = []
            while let bag = nodes.next() { bags.append(bag) }
            return bags
        }
        for bag in bags {
            let (kind, value, attributes) = try DER.sequence(bag, identifier: .sequence) { nodes in
                (
                    try ASN1ObjectIdentifier(derEncoded: &nodes),
                    try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 },
                    try BagAttributes(nodes.next())
                )
            }
            try readBag(kind, value, attributes)
        }
    }

    private mutating func readBag(
        _ kind: ASN1ObjectIdentifier, _ value: ASN1Node, _ attributes: BagAttributes
    ) throws {
        switch kind {
        case PKCS12Identifier.keyBag: try keep(key: Array(value.encodedBytes), attributes)
        case PKCS12Identifier.shroudedKeyBag:
            let (algorithm, ciphertext) = try DER.sequence(value, identifier: .sequence) { nodes in
                (try AlgorithmIdentifier(derEncoded: &nodes), try ASN1OctetString(derEncoded: &nodes))
            }
            try withPlaintext(of: Array(ciphertext.bytes), algorithm) { reader, plaintext in
                try reader.keep(key: plaintext, attributes)
            }
        case PKCS12Identifier.certificateBag: try keep(certificate: value, attributes)
        case PKCS12Identifier.nestedBag: try readBags(value)
        case PKCS12Identifier.revocationBag, PKCS12Identifier.secretBag: break
        default: throw PKCS12Error.unsupportedAlgorithm
        }
    }

    private mutating func keep(key bytes: [UInt8], _ attributes: BagAttributes) throws {
        keys.append(
            try PKCS12.PrivateKey(
                pkcs8: bytes, friendlyName: attributes.friendlyName, localKeyID: attributes.localKeyID))
    }

    private mutating func keep(certificate node: ASN1Node, _ attributes: BagAttributes) throws {
        let bytes = try DER.sequence(node, identifier: .sequence) { nodes in
            guard try ASN1ObjectIdentifier(derEncoded: &nodes) == PKCS12Identifier.x509Certificate else {
                throw PKCS12Error.unsupportedAlgorithm
            }
            return try DER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) {
                try ASN1OctetString(derEncoded: $0)
            }.bytes
        }
        certificates.append(
            PKCS12.Certificate(
                derRepresentation: Array(bytes), friendlyName: attributes.friendlyName,
                localKeyID: attributes.localKeyID))
    }

    /// Decrypts, reads and wipes. What doesn't read is `incorrectPassword` too, since one wrong key in 256
    /// leaves something like a padding behind.
    private mutating func withPlaintext(
        of ciphertext: [UInt8], _ algorithm: AlgorithmIdentifier,
        _ read: (inout SafeReader, [UInt8]) throws -> Void
    ) throws {
        var plaintext = try PasswordEncryption(algorithm).decrypt(ciphertext, password: password)
        defer { plaintext.wipe() }
        do {
            try read(&self, plaintext)
        } catch {
            throw error as? PKCS12Error ?? .incorrectPassword
        }
    }
}
