internal import NIOCore
internal import SwiftASN1
internal import X509

/// The extensions that decide what a certificate may be used for. One that can't be read counts as absent: the TLS
/// library refuses it, and says so.
struct CertificateExtensions {
    private(set) var isAuthority = false
    private(set) var pathLength: Int?
    private(set) var keyUsage: [String]?
    private(set) var extendedKeyUsage: [String]?
    private(set) var dnsNames: [String] = []
    private(set) var addresses: [String] = []
    /// The same, in network order.
    private(set) var addressBytes: [[UInt8]] = []
    /// Any subject alternative name at all: then the common name doesn't count.
    private(set) var hasNames = false
    private(set) var issuerLocations: [String] = []
    private(set) var constraints: NameConstraints?

    init(_ list: [Certificate.Extension]) {
        for one in list {
            switch one.oid {
            case [2, 5, 29, 19]:
                if case .isCertificateAuthority(let length) = try? BasicConstraints(one) {
                    isAuthority = true
                    pathLength = length
                }
            case [2, 5, 29, 15]: keyUsage = (try? KeyUsage(one)).map(Self.names)
            case [2, 5, 29, 37]: extendedKeyUsage = (try? ExtendedKeyUsage(one)).map { $0.map(Self.name) }
            case [2, 5, 29, 17]: read(names: try? SubjectAlternativeNames(one))
            case [2, 5, 29, 30]: constraints = try? NameConstraints(one)
            case [1, 3, 6, 1, 5, 5, 7, 1, 1]: read(access: try? AuthorityInformationAccess(one))
            default: break
            }
        }
    }

    private mutating func read(names: SubjectAlternativeNames?) {
        for name in names.map(Array.init) ?? [] {
            hasNames = true
            switch name {
            case .dnsName(let name): dnsNames.append(name)
            case .ipAddress(let bytes):
                addresses.append(Self.address(bytes.bytes))
                addressBytes.append(Array(bytes.bytes))
            default: break
            }
        }
    }

    private mutating func read(access: AuthorityInformationAccess?) {
        for entry in access.map(Array.init) ?? [] where entry.method == .issuingCA {
            if case .uniformResourceIdentifier(let location) = entry.location {
                issuerLocations.append(location)
            }
        }
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> String {
        let packed = try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0)
        return packed?.ipAddress ?? bytes.map { String($0) }.joined(separator: ".")
    }

    private static func names(_ usage: KeyUsage) -> [String] {
        let all: [(Bool, String)] = [
            (usage.digitalSignature, "digitalSignature"), (usage.nonRepudiation, "nonRepudiation"),
            (usage.keyEncipherment, "keyEncipherment"), (usage.dataEncipherment, "dataEncipherment"),
            (usage.keyAgreement, "keyAgreement"), (usage.keyCertSign, "keyCertSign"),
            (usage.cRLSign, "cRLSign"),
            (usage.encipherOnly, "encipherOnly"), (usage.decipherOnly, "decipherOnly"),
        ]
        return all.filter(\.0).map(\.1)
    }

    private static func name(_ usage: ExtendedKeyUsage.Usage) -> String {
        switch usage {
        case .serverAuth: "serverAuth"
        case .clientAuth: "clientAuth"
        case .any: "any"
        default: usage.description
        }
    }
}
