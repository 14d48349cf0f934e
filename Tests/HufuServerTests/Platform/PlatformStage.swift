import AuditLog
import Foundation
import HTTPTypes
import HufuServer
import InsurancePlatform
import PlatformSimulator
import RequestSigning
import Storage

/// The whole way in one process: a device's signed calls to the gateway, and the gateway's own to the sandbox, all
/// over real sockets.
struct PlatformStage: Sendable {
    let server: RunningServer
    let host: SandboxHost
    let device: CallingDevice
    let site: FsiSite
    let messages: MessageIDSource
    /// Where the server's settings, the sandbox and the data directory lie.
    let folder: TemporaryDirectory

    /// - Parameters:
    ///   - needsLogin: that a person logs in, in place of the legacy grant by which the server has a token at once.
    ///   - scopes: of the device's code.
    ///   - change: what else this scenario's settings have.
    ///   - prepare: what is done to the books before the server starts.
    static func run(
        transport: String = "rest", profile: Profile? = .v330, needsLogin: Bool = false,
        scopes: [String] = ["patient.read", "claim.write"],
        change: (inout JSON, SandboxHost) async throws -> Void = { _, _ in },
        prepare: @escaping @Sendable (Store) async throws -> Void = { _ in },
        _ scenario: (PlatformStage) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let host = try await SandboxHost(in: folder.path + "/sandbox")
        do {
            let file = folder.path + "/platform.json"
            var json = try settings(host, transport, profile, needsLogin: needsLogin)
            try await change(&json, host)
            try Data(json.canonical()).write(to: URL(filePath: file))
            let settings = try PlatformSettings(file: file)
            try await RunningServer.run(in: folder.path + "/data") {
                $0.platform = { authority in
                    try await prepare(authority.store)
                    return try await NationalPlatform(settings, authority: authority)
                }
                $0.certificateInterval = .milliseconds(50)
            } scenario: { server in
                let code = try await server.issueCode(
                    policy: ["scopes": JSON(scopes), "usage_limit": 1000, "device_limit": 3])
                try await scenario(
                    PlatformStage(
                        server: server, host: host,
                        device: try await CallingDevice(server, "v3.3.0", code: code), site: settings.site,
                        messages: try MessageIDSource(fixmedinsCode: settings.site.fixmedinsCode),
                        folder: folder))
            }
        } catch {
            try? await host.takeDown()
            throw error
        }
        let findings = try await host.sandbox.checkLedger()
        try await host.takeDown()
        for finding in findings where !finding.holds { throw BooksDontHold(name: finding.name) }
    }

    struct BooksDontHold: Error {
        let name: String
    }

    /// The settings that the sandbox wrote, changed for this scenario.
    private static func settings(
        _ host: SandboxHost, _ transport: String, _ profile: Profile?, needsLogin: Bool
    ) throws -> JSON {
        let files = host.addresses.files
        var json = try JSON(parsing: Array(Data(contentsOf: URL(filePath: files.settings))))
        json["transport"] = .string(transport)
        json["timeouts"] = ["connect_seconds": 3, "call_seconds": 5]
        if !needsLogin { json["oauth2"]?["grant"] = "client_credentials" }
        guard let key = try host.sandbox.signingKeyFiles.first(where: { $0.profile == profile?.id }) else {
            json["signature"] = nil
            return json
        }
        json["signature"] = [
            "profile": .string(key.profile), "key_id": .string(key.id), "key_file": .string(key.file),
        ]
        if profile == .csb { json["signature"]?["api_name"] = "fsi" }
        if profile == .envelope {
            json["signature"]?["app_secret_file"] = .string(files.keys + "/envelope.secret")
            // Where answers are enveloped as well.
            if transport == "rest" {
                json["path_prefix"] = "/epc/api/"
                json["signature"]?["platform_key_file"] = .string(files.keys + "/platform-envelope.pub.pem")
            }
        }
        return json
    }

    // MARK: Calls

    var now: Int64 { server.clock.nanoseconds() / 1_000_000 }

    func msgid() -> String { messages.next(now: now).text }

    func call(
        _ transaction: some PlatformTransaction, msgid: String? = nil
    ) -> PlatformCall {
        PlatformCall(
            transaction, msgid: msgid ?? self.msgid(), sender: .init(id: "2026", name: "收费员"),
            insuplcAdmdvs: site.mdtrtareaAdmvs)
    }

    /// A call as the platform's own envelope, not signed yet.
    func envelope(_ call: PlatformCall, path: String? = nil) throws -> HTTPMessage {
        let path = path ?? "/fsi/api/" + (site.paths[call.infno] ?? call.infno)
        return message(path, try FsiEnvelope.encode(call, site: site, now: now))
    }

    func message(_ path: String, _ body: [UInt8]) -> HTTPMessage {
        HTTPMessage(
            HTTPRequest(
                method: .post, scheme: "http", authority: "127.0.0.1", path: path,
                headerFields: [.contentType: "application/json"]), body: body)
    }

    /// Signs and sends an envelope.
    func send(_ call: PlatformCall, headers: [String: String] = [:]) async throws -> Answer {
        try await server.call(device, envelope(call), headers: headers)
    }

    /// Signs and sends a transaction by its number, without an envelope.
    func transact(_ infno: String, _ body: ExactJSON, headers: [String: String] = [:]) async throws -> Answer
    {
        try await server.call(device, message("/v3/transactions/\(infno)", body.text()), headers: headers)
    }

    /// A transaction that must succeed.
    func carry<Transaction: PlatformTransaction>(_ transaction: Transaction) async throws
        -> Transaction.Answer
    {
        let answer = try await send(call(transaction))
        guard answer.status == 200 else {
            throw UnexpectedAnswer(request: Transaction.infno, answer: answer)
        }
        return try Transaction.answer(from: PlatformAnswer(fsi: answer.bytes).output)
    }

    /// What became of a money call, as its institution may ask.
    func outcome(_ link: String) async throws -> Answer {
        try await server.request("GET", link, token: device.token)
    }

    /// Registers a visit and uploads its fees; answers what there is to settle.
    func visit(_ person: SandboxPerson) async throws -> SettlementRequest {
        let time = ChinaTime.text(now, .text)
        let registered = try await carry(
            Registration(
                psnNo: person.psnNo, insutype: person.insutype, begntime: time, mdtrtCertType: "02",
                mdtrtCertNo: person.certNo, iptOtpNo: "OTP\(Int.random(in: 1...1 << 40))"))
        let price = ExactDecimal(units: 3333, scale: 2)
        let count = ExactDecimal(units: 2, scale: 0)
        let fee = FeeUpload.Fee(
            feedetlSn: "F1", mdtrtID: registered.mdtrtID, psnNo: person.psnNo, chrgBchno: "B1",
            feeOcurTime: time, medListCodg: "HFX0001", medinsListCodg: "H-1", cnt: count, pric: price,
            detItemFeeSumamt: price.multiplied(by: count, scale: 2))
        _ = try await carry(FeeUpload(fees: [fee]))
        return SettlementRequest(
            psnNo: person.psnNo, mdtrtCertType: "02", mdtrtCertNo: person.certNo, medType: "11",
            medfeeSumamt: fee.detItemFeeSumamt, mdtrtID: registered.mdtrtID, chrgBchno: "",
            acctUsedFlag: "1", insutype: person.insutype)
    }

    /// Asks until the call is no longer open; the server's resolver runs by itself.
    func resolved(_ link: String) async throws -> Answer {
        while true {
            let answer = try await outcome(link)
            if answer["outcome"]?.string != "unknown" { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
