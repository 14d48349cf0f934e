public import RequestSigning

extension TLSFault {
    public var cause: BilingualText {
        switch self {
        case .nameNotResolved:
            BilingualText("域名解析不到地址", "the host name has no address")
        case .connectionRefused:
            BilingualText("该端口没有程序在监听，或被防火墙拒绝", "nothing listens on the port, or a firewall rejects it")
        case .connectionTimeout:
            BilingualText(
                "TCP 连接没有应答：多半是防火墙丢弃了数据包，或地址不在本网",
                "TCP gets no answer: a firewall drops it, or the address is of another network")
        case .unreachable:
            BilingualText(
                "没有到该地址的路由，或连接被中断", "there is no route to the address, or the connection is broken off")
        case .handshakeTimeout:
            BilingualText("TCP 已连接，但 TLS 握手没有应答", "TCP connects, but the TLS handshake gets no answer")
        case .closedInHandshake:
            BilingualText("对方在 TLS 握手中关闭了连接", "the other side closes the connection during the TLS handshake")
        case .plainHTTP: BilingualText("该端口是明文 HTTP，不是 HTTPS", "the port speaks plain HTTP, not HTTPS")
        case .notTLS: BilingualText("该端口不是 TLS 服务", "the port speaks something that is not TLS")
        case .oldProtocol: BilingualText("服务器只支持 TLS 1.0 或 1.1", "the server knows TLS 1.0 or 1.1 only")
        case .noCommonParameters:
            BilingualText(
                "双方没有共同的协议版本、密码套件或曲线", "both sides share no protocol version, cipher suite or curve")
        case .tlcpServer:
            BilingualText(
                "服务器使用国密 TLCP 协议（GB/T 38636），不是标准 TLS",
                "the server speaks TLCP (GB/T 38636), not standard TLS")
        case .sm2Certificate:
            BilingualText(
                "服务器的证书链用了 SM2，标准 TLS 无法验证", "the server's chain uses SM2, which standard TLS can't verify")
        case .unreadableCertificate:
            BilingualText("服务器发来的证书无法解析", "a certificate that the server sends can't be read")
        case .proxyInTheWay:
            BilingualText(
                "中间有代理或安全设备，用自己的 CA 冒签了证书",
                "a proxy or security appliance in between signs certificates with a CA of its own")
        case .intermediateMissing:
            BilingualText("服务器没有发送中间证书", "the server does not send the intermediate certificate")
        case .unknownRoot:
            BilingualText("签发服务器证书的根证书不在信任列表中", "the chain's root is not among the trusted ones")
        case .wrongSignature:
            BilingualText(
                "签发者名称相同，但签名与其公钥不符：CA 换了密钥，或拿到的是同名的另一个 CA",
                "the issuer's name fits, but not its key: the CA has a new key, or it is another CA of the same name"
            )
        case .notAnAuthority:
            BilingualText(
                "签发者的证书不是 CA 证书（缺少 CA:TRUE）",
                "an issuer's certificate is no CA certificate (CA:TRUE is absent)")
        case .authorityKeyUsage:
            BilingualText(
                "签发者的密钥用法不允许签发服务器证书（keyCertSign 或 serverAuth）",
                "an issuer's key usage does not allow it to sign server certificates (keyCertSign or serverAuth)"
            )
        case .serverKeyUsage:
            BilingualText(
                "服务器证书的密钥用法不允许用于 TLS 服务器（digitalSignature、serverAuth）",
                "the server certificate's key usage does not allow TLS servers (digitalSignature, serverAuth)"
            )
        case .pathTooLong:
            BilingualText("证书链超过了某个 CA 的路径长度限制", "the chain is longer than one of its CAs permits")
        case .nameConstraint:
            BilingualText("名称约束不允许该 CA 为此域名签发证书", "the CA's name constraints forbid it this name")
        case .nameMismatch: BilingualText("证书不是签发给这个名称的", "the certificate was not issued to this name")
        case .expired: BilingualText("证书已过期", "a certificate has expired")
        case .notYetValid: BilingualText("证书尚未生效", "a certificate is not yet valid")
        case .refusedByLibrary: BilingualText("TLS 库拒绝了证书链", "the TLS library refuses the chain")
        case .clientCertificateRequired:
            BilingualText(
                "服务器要求客户端证书（双向 TLS），而这里没有提供",
                "the server requires a client certificate (mutual TLS), and none is given")
        case .clientCertificateRefused:
            BilingualText("服务器拒绝了客户端证书", "the server refuses the client certificate")
        case .clientCertificateAsked:
            BilingualText(
                "服务器请求客户端证书，没有也能握手，但之后的请求可能被拒绝",
                "the server asks for a client certificate; without one the handshake holds, but requests may be refused"
            )
        case .wrongOrder:
            BilingualText(
                "服务器发送的证书顺序不对，或夹带了无关的证书",
                "the certificates are served out of order, or with ones that don't belong")
        case .expiresSoon: BilingualText("证书将在 30 天内过期", "a certificate expires within 30 days")
        }
    }
}
