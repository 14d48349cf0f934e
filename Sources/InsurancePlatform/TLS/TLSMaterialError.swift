public import RequestSigning

/// Why TLS files can't be used. Names files and certificates, never what a secret file holds.
public struct TLSMaterialError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable codes, for logs, metrics and /readyz.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        case unreadableFile = "unreadable_file"
        case unstableFiles = "files_keep_changing"
        case noIdentity = "no_certificate_given"
        case noRoots = "no_roots_given"
        case noCertificate = "no_certificate_in_file"
        case noKey = "key_unreadable"
        case unreadableBundle = "pkcs12_unreadable"
        case keyMismatch = "key_mismatch"
        case expired
        case notYetValid = "not_yet_valid"
        case brokenChain = "broken_chain"
        case notAnAuthority = "root_is_no_ca"
        case wrongUsage = "wrong_key_usage"
        case unsupported = "unsupported_certificate"
    }

    public let code: Code
    /// The file's path, or what is at fault in it.
    public let subject: String

    public init(_ code: Code, _ subject: String = "") {
        self.code = code
        self.subject = subject
    }

    public var description: String {
        "\(code.rawValue): " + (subject.isEmpty ? "" : "\(subject): ") + text.english
    }

    /// What is wrong and what cures it.
    public var text: BilingualText {
        switch code {
        case .unreadableFile:
            BilingualText("文件无法读取，请检查路径和权限", "can't be read; check the path and its permissions")
        case .unstableFiles:
            BilingualText("读取期间文件一直在变化，稍后重试", "the files change while they are read; they are tried again")
        case .noIdentity: BilingualText("服务器必须有证书和私钥", "a server needs a certificate and its key")
        case .noRoots:
            BilingualText(
                "必须明确给出平台的根证书文件", "the platform's root certificates must be given explicitly, as a PEM file")
        case .noCertificate: BilingualText("文件中没有 PEM 证书", "holds no PEM certificate")
        case .noKey:
            BilingualText("不是 PEM 私钥，或口令不对", "holds no PEM private key, or the passphrase is wrong")
        case .unreadableBundle:
            BilingualText(
                "不是带私钥的 PKCS#12 文件，或口令不对", "is no PKCS#12 file with a key, or the passphrase is wrong")
        case .keyMismatch:
            BilingualText(
                "私钥与文件中的第一张证书不匹配：两个文件可能只换了一个，或中间证书排在了前面",
                "the key is not that of the file's first certificate: perhaps only one of the files was replaced, or "
                    + "an intermediate comes first")
        case .expired: BilingualText("证书已过期，请换新证书", "the certificate has expired; put a new one in its place")
        case .notYetValid:
            BilingualText("证书尚未生效，请检查本机时钟", "the certificate is not yet valid; check this machine's clock")
        case .brokenChain:
            BilingualText(
                "该证书不是由文件中的下一张证书签发的：请按“证书、签发者、上级签发者”的顺序排列",
                "is not issued by the next certificate in the file: put the certificate first, then its issuer, and so on"
            )
        case .notAnAuthority:
            BilingualText(
                "不是 CA 证书（缺少 CA:TRUE 或 keyCertSign）",
                "is no CA certificate (CA:TRUE or keyCertSign is absent)")
        case .wrongUsage:
            BilingualText(
                "证书的扩展密钥用法不允许此用途（客户端 clientAuth，服务器 serverAuth）",
                "the certificate's extended key usage does not allow this (clientAuth for a client, serverAuth for a server)"
            )
        case .unsupported:
            BilingualText(
                "标准 TLS 不支持该证书或密钥（如 SM2），请换 RSA 2048 位以上或 ECDSA P-256 证书",
                "standard TLS can't use this certificate or key (such as SM2); use RSA of 2048 bits or more, or ECDSA P-256"
            )
        }
    }
}
