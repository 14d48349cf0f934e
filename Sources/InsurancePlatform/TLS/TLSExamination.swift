internal import NIOCore

/// Finds out why a TLS connection can't be made, or shows that it can: name, TCP, hello, the chain as it is served,
/// and the handshake as a client makes it. Sends no data, and never accepts a chain that full verification refuses.
public enum TLSExamination {
    /// - Parameters:
    ///   - host: a name or an address.
    ///   - options: whom to trust, what to show, and the time.
    public static func run(host: String, port: Int, options: TLSExaminationOptions) async -> TLSReport {
        var course = TLSExaminationCourse(host: host, port: port, options: options)
        await course.run()
        return course.finished
    }
}

/// One examination on its way through the steps.
struct TLSExaminationCourse {
    let options: TLSExaminationOptions
    var report: TLSReport

    init(host: String, port: Int, options: TLSExaminationOptions) {
        self.options = options
        report = TLSReport(host: host, port: port, serverName: options.serverName ?? host)
    }

    /// The report with every step, and the gravest findings first.
    var finished: TLSReport {
        var report = report
        for name in TLSStep.Name.allCases where !report.steps.contains(where: { $0.name == name }) {
            report.steps.append(TLSStep(name: name, state: .skipped, text: ""))
        }
        let order = TLSStep.Name.allCases
        report.steps.sort { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
        let faults = TLSFault.allCases
        report.findings.sort {
            (faults.firstIndex(of: $0.fault) ?? 0) < (faults.firstIndex(of: $1.fault) ?? 0)
        }
        return report
    }

    mutating func run() async {
        let addresses = await HostLookup.addresses(of: report.host, port: report.port)
        guard !addresses.isEmpty else {
            fail(.dns, TLSFinding(.nameNotResolved, report.host, report.host))
            return
        }
        pass(.dns, addresses.compactMap(\.ipAddress).joined(separator: ", "))
        guard let (probe, look) = await connect(addresses) else { return }
        if look.chain.isEmpty {
            await explain(look, probe)
        } else {
            pass(.hello, "TLS 1.2+")
            let isSound = judge(look.chain)
            await examine(probe, judged: isSound)
        }
    }

    /// The first address that takes a TCP connection.
    private mutating func connect(_ addresses: [SocketAddress]) async -> (TLSProbe, TLSProbeOutcome)? {
        var failures: [(SocketAddress, TLSConnectFailure)] = []
        for address in addresses {
            let probe = TLSProbe(address: address, serverName: sentName, options: options)
            let outcome = await probe.run(.look)
            guard let failure = outcome.connectFailure else {
                report.address = address.ipAddress
                pass(.tcp, "\(address.ipAddress ?? ""):\(report.port)")
                return (probe, outcome)
            }
            failures.append((address, failure))
        }
        for (address, failure) in failures.prefix(1) {
            let place = "\(address.ipAddress ?? ""):\(report.port)"
            switch failure {
            case .refused: fail(.tcp, TLSFinding(.connectionRefused, place, place))
            case .timeout: fail(.tcp, TLSFinding(.connectionTimeout, place, place))
            case .other(let text):
                fail(.tcp, TLSFinding(.unreachable, "\(place)：\(text)", "\(place): \(text)"))
            }
        }
        return nil
    }

    /// An address is not sent as a name (RFC 6066, 3).
    private var sentName: String? {
        let isAddress = (try? SocketAddress(ipAddress: report.serverName, port: 0)) != nil
        return isAddress ? nil : report.serverName
    }

    mutating func pass(_ step: TLSStep.Name, _ text: String) {
        report.steps.append(TLSStep(name: step, state: .ok, text: text))
    }

    mutating func fail(_ step: TLSStep.Name, _ finding: TLSFinding) {
        report.findings.append(finding)
        report.steps.append(
            TLSStep(
                name: step, state: finding.fault.isWarning ? .warning : .failed, text: finding.fault.rawValue)
        )
    }
}
