/// Why a PKCS#12 file wasn't read. Raw values stay the same from version to version.
public enum PKCS12Error: String, Error, Sendable, Hashable, CaseIterable {
    /// Not DER, or not the structure of RFC 7292.
    case malformed
    /// The password is wrong, or the file is damaged: nothing tells which.
    case incorrectPassword
    /// Encrypted or authenticated with what RFC 7292 had in the nineties: RC2, 3DES, RC4, DES, SHA-1, MD5.
    case legacyAlgorithm
    /// An algorithm or a kind of content that this library doesn't read.
    case unsupportedAlgorithm
    /// Without a code under the password, so that anybody could have put other keys in.
    case notAuthenticated
    /// More than 10,000,000 iterations, or none.
    case excessiveIterations
}

extension PKCS12Error: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed: "the file is no PKCS#12 in DER"
        case .incorrectPassword: "the password is wrong or the file is damaged"
        case .legacyAlgorithm:
            "the file uses outdated cryptography; convert it with "
                + "`openssl pkcs12 -legacy -in old.p12 -nodes -out plain.pem && "
                + "openssl pkcs12 -export -in plain.pem -out new.p12`, and delete plain.pem"
        case .unsupportedAlgorithm: "the file uses an algorithm or a content that isn't supported"
        case .notAuthenticated: "the file has no authentication code under its password"
        case .excessiveIterations: "the file asks for an iteration count outside of 1…10,000,000"
        }
    }
}
