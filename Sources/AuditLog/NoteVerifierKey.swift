import Crypto
public import Foundation

/// A public key with a name (C2SP signed-note): `name+hexadecimal key id+base64(type ‖ key)`, Ed25519 only.
public struct NoteVerifierKey: Sendable, Equatable {
    static let ed25519: UInt8 = 1

    public let name: String
    /// The first four bytes of `SHA-256(name ‖ LF ‖ type ‖ key)`, big endian.
    public let keyID: UInt32
    /// The raw Ed25519 key, 32 bytes.
    public let publicKey: Data

    /// Reads a vkey; space around it is not taken off.
    ///
    /// Throws ``NoteError/malformedKey(_:)`` for one that is malformed, of another type than Ed25519, or
    /// whose id does not follow from its name and key.
    public init(_ vkey: String) throws(NoteError) {
        let parts = vkey.utf8.split(
            separator: UInt8(ascii: "+"), maxSplits: 2, omittingEmptySubsequences: false
        )
        .map { Substring($0) }
        guard parts.count == 3, NoteVerifierKey.isName(parts[0]) else {
            throw .malformedKey("it is a name, an id and a key with + between them")
        }
        guard let material = Base64.decode(parts[2]), material.count == 33,
            material[0] == NoteVerifierKey.ed25519
        else {
            throw .malformedKey("its last part is the base64 of 01 and a 32-byte Ed25519 key")
        }
        try self.init(name: String(parts[0]), publicKey: Data(material[1...]))
        guard text.utf8.elementsEqual(vkey.utf8) else {
            throw .malformedKey("its id does not belong to its name and key")
        }
    }

    /// Throws ``NoteError/malformedKey(_:)`` for a name that is empty, or has a space or a plus, and for a
    /// key that is not 32 bytes.
    public init(name: String, publicKey: Data) throws(NoteError) {
        guard NoteVerifierKey.isName(name) else {
            throw .malformedKey("a name is not empty and has no space, control character or plus")
        }
        guard publicKey.count == 32 else { throw .malformedKey("an Ed25519 key is 32 bytes") }
        self.name = name
        self.publicKey = publicKey
        var hasher = SHA256()
        hasher.update(data: Array(name.utf8) + [0x0A, NoteVerifierKey.ed25519])
        hasher.update(data: publicKey)
        keyID = hasher.finalize().prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The vkey.
    public var text: String {
        let identifier = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * $0)) }
        return "\(name)+\(Hexadecimal.string(identifier))"
            + "+\(Base64.encode([NoteVerifierKey.ed25519] + Array(publicKey)))"
    }

    /// Whether the signature, 64 bytes, is this key's over the message (RFC 8032).
    public func verify(message: some DataProtocol, signature: some DataProtocol) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else { return false }
        return key.isValidSignature(signature, for: message)
    }

    public func verify(message: String, signature: some DataProtocol) -> Bool {
        verify(message: Array(message.utf8), signature: signature)
    }

    /// Equal byte by byte, where `String` would also take other spellings of the same characters.
    public static func == (left: NoteVerifierKey, right: NoteVerifierKey) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8) && left.publicKey == right.publicKey
    }

    static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
            }
    }
}
