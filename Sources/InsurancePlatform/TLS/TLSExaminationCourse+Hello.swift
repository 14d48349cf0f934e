extension TLSExaminationCourse {
    /// TCP is there, and no chain came: what is on the port?
    mutating func explain(_ look: TLSProbeOutcome, _ probe: TLSProbe) async {
        if let first = look.firstBytes.first, !(20...23).contains(first) {
            let text = Self.printable(look.firstBytes)
            let isHTTP =
                text.hasPrefix("HTTP/") || text.lowercased().hasPrefix("<html") || text.hasPrefix("<!")
            fail(.hello, TLSFinding(isHTTP ? .plainHTTP : .notTLS, "收到：\(text)", "it sent: \(text)"))
            return
        }
        let raw = RawExchange(address: probe.address, timeout: min(options.handshakeTimeout, 5000))
        if look.firstBytes.isEmpty, let text = await plainAnswer(raw) {
            let isHTTP = text.hasPrefix("HTTP/")
            fail(.hello, TLSFinding(isHTTP ? .plainHTTP : .notTLS, "收到：\(text)", "it sent: \(text)"))
            return
        }
        if look.end == .timeout {
            let seconds = options.handshakeTimeout / 1000
            fail(.hello, TLSFinding(.handshakeTimeout, "等待 \(seconds) 秒", "waited \(seconds) s"))
            return
        }
        if look.reasons.contains("KEY_USAGE_BIT_INCORRECT") {
            await judgeUnusableKey(raw, probe)
            return
        }
        if await findShangMi(raw, probe) { return }
        let old = await probe.run(.lookWithOldVersions)
        if !old.chain.isEmpty {
            fail(.hello, TLSFinding(.oldProtocol, Self.text(look), Self.text(look)))
            _ = judge(old.chain)
            return
        }
        if case .failed = look.end {
            fail(.hello, TLSFinding(.noCommonParameters, Self.text(look), Self.text(look)))
        } else {
            fail(.hello, TLSFinding(.closedInHandshake))
        }
    }

    /// What a server that got no TLS says to plain HTTP, without data; nil where it says nothing.
    private func plainAnswer(_ raw: RawExchange) async -> String? {
        let request = "HEAD / HTTP/1.1\r\nHost: \(report.serverName)\r\nConnection: close\r\n\r\n"
        let answer = await raw.answer(to: Array(request.utf8)) { $0.count >= 16 }
        // An alert is TLS after all.
        guard let first = answer.first, !(20...23).contains(first) else { return nil }
        return Self.printable(Array(answer.prefix(64)))
    }

    /// The library breaks off before it shows the chain; an older hello brings it in the clear, where there is TLS 1.2.
    private mutating func judgeUnusableKey(_ raw: RawExchange, _ probe: TLSProbe) async {
        let bytes = await raw.answer(
            to: RawHello.tls12.bytes(serverName: probe.serverName, random: helloRandom)
        ) {
            RawHelloAnswer($0).isWhole
        }
        pass(.hello, "TLS 1.2+")
        _ = judge(RawHelloAnswer(bytes).chain)
        reportUnusableKey("KEY_USAGE_BIT_INCORRECT")
    }

    /// Asks as clients of TLCP and of SM suites do.
    private mutating func findShangMi(_ raw: RawExchange, _ probe: TLSProbe) async -> Bool {
        for hello in [RawHello.tlcp, .tls12, .shangMi13] {
            let bytes = await raw.answer(to: hello.bytes(serverName: probe.serverName, random: helloRandom)) {
                RawHelloAnswer($0).isWhole
            }
            let answer = RawHelloAnswer(bytes)
            guard let suite = answer.cipherSuite else { continue }
            let shown = String(suite, radix: 16, uppercase: true)
            let chain = answer.chain.compactMap { CertificateFacts(der: $0) }
            switch hello {
            case .tlcp where answer.version == 0x0101:
                fail(.hello, TLSFinding(.tlcpServer, "TLCP 1.1，套件 \(shown)", "TLCP 1.1, suite \(shown)"))
                report.chain = chain
                return true
            case .tls12 where chain.contains(where: \.usesSM2):
                pass(.hello, "TLS 1.2")
                _ = judge(answer.chain)
                return true
            case .shangMi13 where suite == 0x00C6 || suite == 0x00C7:
                let detail = TLSFinding(
                    .sm2Certificate, "TLS 1.3 国密套件 \(shown)（RFC 8998）",
                    "TLS 1.3 with the SM suite \(shown) (RFC 8998)")
                fail(.hello, detail)
                return true
            default: continue
            }
        }
        return false
    }

    /// Nothing is encrypted under this hello: it needs no secret randomness.
    private var helloRandom: [UInt8] { Array(repeating: 0x48, count: 32) }

    private static func printable(_ bytes: [UInt8]) -> String {
        let line = bytes.prefix { $0 != 13 && $0 != 10 }
        return String(decoding: line.map { (32..<127).contains($0) ? $0 : 46 }, as: UTF8.self)
    }
}
