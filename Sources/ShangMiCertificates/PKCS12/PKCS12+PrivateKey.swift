internal import Crypto
public import ShangMi
internal import SwiftASN1

extension PKCS12 {
    /// A private key as it lies in a file, of whatever algorithm. Prints as “redacted”.
    public struct PrivateKey: Sendable {
        /// A name for people.
        public let friendlyName: String?
        /// Equal to the one of its certificates.
        public let localKeyID: [UInt8]?
        /// Nil where the key is of another algorithm.
        public let sm2SigningKey: SM2.Signing.PrivateKey?
        /// The bytes of PKCS#8; swift-crypto wipes such keys with their last copy.
        private let encoded: SymmetricKey

        init(pkcs8 bytes: [UInt8], friendlyName: String?, localKeyID: [UInt8]?) throws {
            let algorithm = try Self.algorithm(of: bytes)
            sm2SigningKey =
                algorithm.isSM2Key ? try SM2.Signing.PrivateKey(derRepresentation: bytes) : nil
            encoded = SymmetricKey(data: bytes)
            self.friendlyName = friendlyName
            self.localKeyID = localKeyID
        }

        /// Of PrivateKeyInfo (RFC 5958, 2).
        private static func algorithm(of bytes: [UInt8]) throws -> AlgorithmIdentifier {
            try DER.sequence(DER.parse(bytes), identifier: .sequence) { nodes in
                _ = try Int(derEncoded: &nodes)
                let algorithm = try AlgorithmIdentifier(derEncoded: &nodes)
                _ = try ASN1OctetString(derEncoded: &nodes)
                // Attributes and a public key may follow.
                while nodes.next() != nil {}
                return algorithm
            }
        }

        /// PKCS#8 in DER. The caller's to guard.
        public var derRepresentation: [UInt8] { unsafe encoded.withUnsafeBytes { unsafe Array($0) } }

        /// The same key for decryption; nil where the key is of another algorithm.
        public var sm2EncryptionKey: SM2.Encryption.PrivateKey? {
            guard sm2SigningKey != nil else { return nil }
            return unsafe encoded.withUnsafeBytes {
                unsafe try? SM2.Encryption.PrivateKey(derRepresentation: $0)
            }
        }
    }
}

extension PKCS12.PrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "PKCS12.PrivateKey(redacted)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
