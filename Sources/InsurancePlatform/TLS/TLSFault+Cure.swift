public import RequestSigning

extension TLSFault {
    public var cure: BilingualText {
        switch self {
        case .nameNotResolved:
            BilingualText(
                "核对域名；医保专网的域名要用专网 DNS，或写入 hosts",
                "check the name; names of a private network need its DNS, or an entry in the hosts file")
        case .connectionRefused:
            BilingualText(
                "核对端口，问清服务是否启动、防火墙是否放行", "check the port, whether the service runs, and the firewall's rules")
        case .connectionTimeout, .unreachable:
            BilingualText(
                "检查专线或 VPN、路由和防火墙；确认对方已把本机地址列入白名单",
                "check the line or VPN, routes and firewalls; have this machine's address admitted by the other side"
            )
        case .handshakeTimeout:
            BilingualText(
                "确认端口是 TLS 端口；检查中间防火墙的 TLS 检测和 MTU",
                "check that it is the TLS port, firewalls that inspect TLS, and the path's MTU")
        case .closedInHandshake:
            BilingualText(
                "请对方看握手日志：常见于白名单、SNI 不符或国密专用端口",
                "have the other side look at its log: often an address not admitted, a wrong SNI, or a port for TLCP alone"
            )
        case .plainHTTP:
            BilingualText("换成 HTTPS 端口；不要把业务数据发往明文端口", "use the HTTPS port; send no data to the plain one")
        case .notTLS: BilingualText("核对端口；下面是它发来的内容", "check the port; what it sent is shown")
        case .oldProtocol:
            BilingualText(
                "请对方启用 TLS 1.2 或 1.3；本程序不使用旧版本",
                "have the other side enable TLS 1.2 or 1.3; older ones are not used here")
        case .noCommonParameters:
            BilingualText(
                "请对方启用 ECDHE 加 AES-GCM 的套件和 P-256 曲线",
                "have the other side enable ECDHE with AES-GCM, and the curve P-256")
        case .tlcpServer:
            BilingualText(
                "向医保局要标准 TLS 的端口，或在本机前面放国密 TLCP 网关",
                "ask the bureau for a port with standard TLS, or put a TLCP gateway in front")
        case .sm2Certificate:
            BilingualText(
                "请对方在该端口换 RSA 或 ECDSA 证书，或经国密网关访问",
                "have the other side serve an RSA or ECDSA certificate, or go through a gateway that knows SM2"
            )
        case .unreadableCertificate, .refusedByLibrary:
            BilingualText(
                "把 --json 的输出交给对方的证书管理员核对",
                "give the output of --json to whoever manages the other side's certificates")
        case .proxyInTheWay:
            BilingualText(
                "请网管把该域名加入代理的直通（不解密）名单；不要信任代理的 CA 来传医保数据",
                "have the network's owner exempt this name from inspection; don't trust the proxy's CA with insurance data"
            )
        case .intermediateMissing:
            BilingualText(
                "请对方把中间证书接在服务器证书之后一起配置（fullchain）；客户端不应自行补",
                "have the other side append the intermediate to its certificate file (the full chain); it is not the client's to add"
            )
        case .unknownRoot:
            BilingualText(
                "向对方要根证书，用另一渠道核对指纹后放入 --ca（或配置的根证书文件）",
                "get the root certificate from the other side, compare its fingerprint over another channel, and give it by --ca or the configured roots file"
            )
        case .wrongSignature:
            BilingualText(
                "向对方要现用的根证书和中间证书，替换旧文件", "get the root and intermediate in use now, and replace the old files"
            )
        case .notAnAuthority, .authorityKeyUsage, .pathTooLong, .nameConstraint:
            BilingualText(
                "请对方的 CA 重新签发；这不能在客户端绕过",
                "have the other side's CA issue it anew; no client can work around this")
        case .serverKeyUsage:
            BilingualText(
                "请对方换用途正确的服务器证书：digitalSignature，扩展用法 serverAuth",
                "have the other side get a certificate for servers: digitalSignature, extended key usage serverAuth"
            )
        case .nameMismatch:
            BilingualText(
                "用证书里的名称访问，或请对方把此名称加入 subjectAltName 重新签发",
                "connect by a name of the certificate, or have it issued anew with this one as subjectAltName"
            )
        case .expired:
            BilingualText(
                "请对方换新证书；若日期不对，校准本机时钟",
                "have the other side renew it; if the date here is wrong, set this machine's clock")
        case .notYetValid:
            BilingualText(
                "校准本机时钟（NTP）；若时钟无误，请对方换证书",
                "set this machine's clock (NTP); if it is right, have the other side replace it")
        case .clientCertificateRequired, .clientCertificateAsked:
            BilingualText(
                "向医保局申请客户端证书，用 --cert 和 --key（或 --pkcs12）给出",
                "apply to the bureau for a client certificate, and give it by --cert and --key, or --pkcs12")
        case .clientCertificateRefused:
            BilingualText(
                "核对证书是否由对方指定的 CA 签发、是否过期或被吊销、是否带上了中间证书",
                "check that it was issued by the CA the other side names, is neither expired nor revoked, and comes with its intermediates"
            )
        case .wrongOrder:
            BilingualText(
                "请对方按“服务器证书、签发者、上级签发者”排列",
                "have the other side order them: its certificate, then the issuer, and so on")
        case .expiresSoon: BilingualText("提醒对方及时换证书", "remind the other side to renew it in time")
        }
    }
}
