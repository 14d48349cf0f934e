internal import NIOCore
internal import SwiftASN1
internal import X509

extension CertificateFacts {
    /// Whether it was issued to this host name or address, by the rules of RFC 6125.
    func names(_ host: String) -> Bool {
        if let address = try? SocketAddress(ipAddress: host, port: 0) {
            return addresses.contains(address.ipAddress ?? host)
        }
        let candidates = hasNames ? dnsNames : [commonName].compactMap { $0 }
        return candidates.contains { Self.pattern($0, covers: host) }
    }

    private static func pattern(_ pattern: String, covers host: String) -> Bool {
        let host = host.lowercased().split(separator: ".", omittingEmptySubsequences: true)
        let labels = pattern.lowercased().split(separator: ".", omittingEmptySubsequences: true)
        guard host.count == labels.count, let first = labels.first, let target = host.first,
            labels.dropFirst() == host.dropFirst()
        else { return false }
        guard let star = first.firstIndex(of: "*") else { return first == target }
        return target.count >= first.count && !target.hasPrefix("xn--") && target.hasPrefix(first[..<star])
            && target.hasSuffix(first[first.index(after: star)...])
    }

    /// The first of the leaf's names that this authority's name constraints (RFC 5280, 4.2.1.10) keep it from, or
    /// nil.
    func forbiddenName(of leaf: CertificateFacts) -> String? {
        guard let constraints else { return nil }
        let permitted = Array(constraints.permittedDNSDomains)
        let excluded = Array(constraints.excludedDNSDomains)
        let forbidden = leaf.dnsNames.first { name in
            excluded.contains { Self.domain($0, holds: name) }
                || (!permitted.isEmpty && !permitted.contains { Self.domain($0, holds: name) })
        }
        if let forbidden { return forbidden }
        let ranges = constraints.permittedIPRanges.map { Array($0.bytes) }
        let excludedRanges = constraints.excludedIPRanges.map { Array($0.bytes) }
        return zip(leaf.addresses, leaf.addressBytes).first { _, bytes in
            excludedRanges.contains { Self.range($0, holds: bytes) }
                || (!ranges.isEmpty && !ranges.contains { Self.range($0, holds: bytes) })
        }?.0
    }

    private static func domain(_ domain: String, holds name: String) -> Bool {
        let domain = domain.lowercased()
        let name = name.lowercased()
        if domain.isEmpty || name == domain { return true }
        return name.hasSuffix(domain.hasPrefix(".") ? domain : "." + domain)
    }

    /// A range is an address followed by a mask of the same length.
    private static func range(_ range: [UInt8], holds bytes: [UInt8]) -> Bool {
        guard range.count == 2 * bytes.count else { return false }
        return bytes.indices.allSatisfy { place in
            let mask = range[bytes.count + place]
            return bytes[place] & mask == range[place] & mask
        }
    }
}
