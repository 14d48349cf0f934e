public import RequestSigning

/// One step on the way to a connection, and how far it went.
public struct TLSStep: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable, CaseIterable {
        case dns, tcp, hello, chain, time, name, usage, trust, handshake
        case clientCertificate = "client_certificate"
    }

    public enum State: String, Sendable, Hashable {
        case ok, warning, failed, skipped
    }

    public let name: Name
    public let state: State
    /// What was seen: addresses, names, versions.
    public let text: String

    public var title: BilingualText {
        switch name {
        case .dns: BilingualText("域名解析", "DNS")
        case .tcp: BilingualText("TCP 连接", "TCP connection")
        case .hello: BilingualText("TLS 协商", "TLS hello")
        case .chain: BilingualText("证书链", "certificate chain")
        case .time: BilingualText("有效期", "validity")
        case .name: BilingualText("名称", "host name")
        case .usage: BilingualText("CA 与密钥用法", "CA and key usage")
        case .trust: BilingualText("信任", "trust")
        case .handshake: BilingualText("完整握手", "whole handshake")
        case .clientCertificate: BilingualText("客户端证书", "client certificate")
        }
    }
}
