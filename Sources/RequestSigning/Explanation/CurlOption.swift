/// What an option of curl means to the request that is sent.
enum CurlOption: Sendable {
    case method, url, header, userAgent, referer, cookie, user
    case data, rawData, binaryData, urlEncodedData, json
    /// `-G`: the data go into the query.
    case query
    case headOnly
    /// `-g`: braces and brackets in the address are themselves.
    case literalAddress
    /// `.` and `..` in the path stay.
    case literalPath
    /// Changes nothing in the request's head or body.
    case flag
    /// The same, with an argument.
    case setting
    /// Changes the request in a way that isn't replayed.
    case unsupported

    var takesArgument: Bool {
        switch self {
        case .query, .headOnly, .literalAddress, .literalPath, .flag: false
        default: true
        }
    }

    static let short: [Character: CurlOption] = {
        var table: [Character: CurlOption] = [
            "X": .method, "H": .header, "A": .userAgent, "e": .referer, "b": .cookie, "u": .user, "d": .data,
            "G": .query, "I": .headOnly, "g": .literalAddress, "F": .unsupported, "T": .unsupported,
            "K": .unsupported,
        ]
        for letter in "sSkvifLN#0123468anOJRqZj" { table[letter] = .flag }
        for letter in "owmxEcDUyYzCPQrt" { table[letter] = .setting }
        return table
    }()

    static let long: [String: CurlOption] = {
        var table: [String: CurlOption] = [
            "request": .method, "url": .url, "header": .header, "user-agent": .userAgent, "referer": .referer,
            "cookie": .cookie, "user": .user, "data": .data, "data-ascii": .data, "data-raw": .rawData,
            "data-binary": .binaryData, "data-urlencode": .urlEncodedData, "json": .json, "get": .query,
            "head": .headOnly, "globoff": .literalAddress, "path-as-is": .literalPath, "form": .unsupported,
            "form-string": .unsupported, "upload-file": .unsupported,
            "config": .unsupported, "url-query": .unsupported, "variable": .unsupported,
            "oauth2-bearer": .unsupported, "request-target": .unsupported,
        ]
        for name in flags.split(separator: " ") { table[String(name)] = .flag }
        for name in settings.split(separator: " ") { table[String(name)] = .setting }
        return table
    }()

    private static let flags = """
        silent show-error insecure verbose include fail fail-with-body location no-buffer progress-bar \
        http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ipv4 ipv6 tlsv1 tlsv1.0 tlsv1.1 \
        tlsv1.2 tlsv1.3 compressed no-keepalive no-progress-meter no-sessionid raw tcp-nodelay \
        remote-name remote-header-name remote-time create-dirs location-trusted no-alpn parallel fail-early \
        junk-session-cookies ssl-no-revoke disable
        """
    private static let settings = """
        output write-out max-time connect-timeout proxy cert key cacert capath cookie-jar dump-header \
        proxy-user resolve connect-to retry retry-delay retry-max-time interface limit-rate max-redirs \
        stderr trace trace-ascii cert-type key-type pass ciphers tls13-ciphers keepalive-time unix-socket \
        noproxy tls-max curves dns-servers local-port output-dir speed-time speed-limit max-filesize
        """
}
