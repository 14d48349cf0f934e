import ActivationCodes
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Storage

/// What a connection tells of a request.
struct DoorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The peer's address as the kernel knows it; nil for a Unix socket.
    let peer: IPAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
    }

    var isLoopback: Bool { peer.map { peer in Self.loopback.contains { $0.contains(peer) } } ?? false }

    private static let loopback = ["127.0.0.0/8", "::1/128"].compactMap { AddressRange($0) }

    /// The client's address: the peer's, unless that is a trusted proxy; then the last one in
    /// `X-Forwarded-For` that no trusted proxy has.
    static func address(_ peer: IPAddress?, _ headers: HTTPFields, _ proxies: [AddressRange]) -> IPAddress? {
        guard let peer, proxies.contains(where: { $0.contains(peer) }) else { return peer }
        let hops = headers[values: .forwardedFor].flatMap { $0.split(separator: ",") }
        for hop in hops.reversed() {
            guard let address = IPAddress(hop.trimmingCharacters(in: .whitespaces)) else { return nil }
            if !proxies.contains(where: { $0.contains(address) }) { return address }
        }
        return peer
    }

    func sourceKey(_ address: IPAddress?) -> String { Self.sourceKey(of: address) }

    /// Whom a limit counts: an address of version 4, or the /64 that one host of version 6 has to itself.
    static func sourceKey(of address: IPAddress?) -> String {
        guard let text = address?.description else { return "unknown" }
        guard text.utf8.contains(UInt8(ascii: ":")) else { return text }
        var groups = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let gap = groups.firstIndex(of: "") {
            let zeros = Array(repeating: "0", count: max(0, 9 - groups.count))
            groups.replaceSubrange(gap...gap, with: zeros)
        }
        return groups.prefix(4).joined(separator: ":") + "::/64"
    }
}

extension Request {
    var bearerToken: String? {
        guard let value = headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst("bearer ".count))
    }
}

extension HTTPFields {
    /// The caller's own id when it is a plain one that tells of nobody, so that both sides can find the same call.
    var requestID: String? {
        guard let given = self[.requestID], (8...64).contains(given.utf8.count),
            given.unicodeScalars.allSatisfy({
                $0 == "-" || ($0.isASCII && $0.properties.isAlphabetic) || "0"..."9" ~= $0
            }), LoggedIdentifier.permits(given)
        else { return nil }
        return given
    }

    /// From `traceparent` (W3C Trace Context): version, trace id, parent id, flags.
    var traceID: String? {
        guard let parts = self[.traceparent]?.split(separator: "-"), parts.count >= 4,
            parts[1].utf8.count == 32,
            parts[1].unicodeScalars.allSatisfy({ "0"..."9" ~= $0 || "a"..."f" ~= $0 }),
            parts[1].contains(where: { $0 != "0" })
        else { return nil }
        return String(parts[1])
    }
}

extension Request {
    func repeatable(
        _ route: Route, body: ByteBuffer, key tagKey: SymmetricKey
    ) throws -> Call.Repeatable? {
        guard route.isRepeatable, route.method != .get, let key = headers[.idempotencyKey] else { return nil }
        guard (1...128).contains(key.utf8.count) else {
            throw InputError.invalid(field: "Idempotency-Key", allowed: "1 to 128 characters")
        }
        var tag = HMAC<SHA256>(key: tagKey)
        tag.update(data: Data("\(route.method.rawValue) \(uri.path)\n".utf8))
        body.withUnsafeReadableBytes { tag.update(data: $0) }
        return Call.Repeatable(key: key, request: Data(tag.finalize()))
    }
}
