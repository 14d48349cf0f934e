import ActivationClient
import ActivationCodes
import AuditLog
import Foundation
import InsurancePlatform
import PlatformSimulator
import RequestSigning

/// A patient's visit through the gateway to the platform: person, registration, fees, settlement, one settlement
/// whose answer is lost, the day's reconciliation, and the refusal after revocation.
struct DemoVisit: Sendable {
    let stage: DemoStage
    let cast: DemoStage.Cast
    let platform: DemoSandbox
    let directory: String
    private static let sender = PlatformCall.Sender(id: "2026", name: "收费员")

    /// - Returns: the entry of the last refusal.
    func run() async throws {
        try await login()
        let (codeID, gateway) = try await device()
        let site = platform.sandbox.site(platform.addresses)
        let visit = DemoDesk(
            platform: GatewayPlatform(client: gateway, site: site),
            messages: try MessageIDSource(fixmedinsCode: site.fixmedinsCode), sender: Self.sender)
        guard
            let person = try await platform.sandbox.persons().first(where: {
                $0.balance > .zero && $0.isInsured
            })
        else { throw UnexpectedAnswer("the sandbox has no insured person") }
        try await treat(person, visit)
        try await lose(person, visit)
        try await reconcile()
        try await revoke(codeID, person, visit)
    }

    private func login() async throws {
        let begun = try await cast.admin.connection.send(.post, "/v1/platform/login", body: [:]).json()
        let back = try await DemoBrowser(sandbox: platform.sandbox, addresses: platform.addresses)
            .login(at: begun.text("url"))
        let finish: JSON = .object(
            back.filter { ["code", "state", "iss"].contains($0.key) }.mapValues(JSON.string))
        let standing = try await cast.admin.connection.send(
            .post, "/v1/platform/login/callback", body: finish
        ).json()
        try stage.report.expect(try standing.text("state") == "fresh", "the platform's token is fresh")
        let again = try await stage.refusal("the same login twice") {
            try await cast.admin.connection.send(.post, "/v1/platform/login/callback", body: finish)
        }
        stage.report.held(
            "platform", "医保平台",
            [
                "a sandbox of made-up data with mutual TLS under a CA of its own: \(platform.addresses.base)",
                "OAuth2 code with PKCE S256, id_token verified; the same answer again: \(again.code)",
            ])
    }

    /// A code that grants calls, and this machine activated with it.
    private func device() async throws -> (code: String, SignedClient) {
        let suffix = String(UUID().uuidString.lowercased().prefix(6))
        let policy: JSON = ["duration": "P90D", "approvals": 0, "scopes": ["patient.read", "claim.write"]]
        _ = try await cast.admin.connection.send(
            .put, "/v1/policies/calls-\(suffix)", body: policy, headers: ["If-None-Match": "*"])
        let institution = try await cast.issuer.connection.send(
            .post, "/v1/institutions", body: ["name": .string("沙箱医院 \(suffix)"), "kind": "hospital"]
        ).json()
        let application = try await cast.issuer.connection.send(
            .post, "/v1/applications",
            body: [
                "institution_id": .string(try institution.text("id")), "policy": .string("calls-\(suffix)"),
            ]
        ).json()
        let issued = try await cast.issuer.connection.send(
            .post, "/v1/applications/\(try application.text("id"))/issue", body: [:]
        ).json()
        guard let detail = issued["code_detail"] else { throw UnexpectedAnswer("no code_detail") }
        let client = try ActivationClient(
            .init(
                server: stage.address, file: directory + "/device-\(suffix).json",
                trustedCAFile: stage.trustedCAFile))
        _ = try await client.activate(code: try CodeSecret(parsing: issued.text("code")))
        let key = try await client.addSigningKey(for: .v330)
        stage.report.held(
            "device", "设备",
            ["this machine is bound and registered the signing key \(key.id), v3.3.0 (ECDSA P-256)"])
        return (try detail.text("id"), try await client.signedClient(key))
    }

    private func treat(_ person: SandboxPerson, _ visit: DemoDesk) async throws {
        let found = try await visit.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
        try stage.report.expect(found.base.psnNo == person.psnNo, "1101 finds the person")
        let request = try await visit.open(person)
        let proposed = try await visit.carry(PreSettlement(request)).info
        let settled = try await visit.carry(Settlement(request)).info
        try stage.report.expect(
            settled.fundPaySumamt == proposed.fundPaySumamt && !settled.setlID.isEmpty,
            "2207 settles what 2206 proposed")
        stage.report.held(
            "settle", "结算",
            [
                "1101 person, 2201 registration, 2204 fees, 2206 pre-settlement, 2207 settlement \(settled.setlID)",
                "¥\(settled.medfeeSumamt.text(scale: 2)): fund \(settled.fundPaySumamt.text(scale: 2)), account "
                    + "\(settled.acctPay.text(scale: 2)), cash \(settled.psnCashPay.text(scale: 2))",
                "intent durable before it was sent, outcome before it was answered",
            ])
    }

    /// The platform settles and the answer never arrives.
    private func lose(_ person: SandboxPerson, _ visit: DemoDesk) async throws {
        let request = try await visit.open(person)
        let msgid = visit.newMessageID()
        try platform.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2207", count: 1)])
        do {
            _ = try await visit.carry(Settlement(request), msgid: msgid)
            try stage.report.expect(false, "the answer is lost")
        } catch PlatformFailure.unknown(.timeout, _) {}
        var settled: SettlementInfo?
        for _ in 0..<150 where settled == nil {
            try await Task.sleep(for: .milliseconds(200))
            // The same call again: told what became of it, never sent again.
            settled = try? await visit.carry(Settlement(request), msgid: msgid).info
        }
        guard let settled else {
            throw CommandFailure(.refused, "✗ does not hold: the lost settlement is resolved in 30 seconds")
        }
        let ledger = try await platform.sandbox.ledgerSettlements()
        try stage.report.expect(
            ledger.count { $0.setlID == settled.setlID } == 1, "the platform settled once")
        stage.report.held(
            "lost answer", "应答丢失",
            [
                "the platform settled and the answer was lost: HTTP 202, “unknown, being resolved”",
                "resolved by 5203 without a second 2207: settlement \(settled.setlID), once in the platform's ledger",
            ])
    }

    private func reconcile() async throws {
        let day = ChinaTime.text(Int64(Date().timeIntervalSince1970 * 1000), .date)
        let report = try await cast.admin.connection.send(
            .post, "/v1/platform/reconciliations", body: ["date": .string(day)]
        ).json()
        try stage.report.expect(report["equal"] == true, "the day's books are equal: \(report.canonicalText)")
        let findings = try await platform.sandbox.checkLedger().filter { $0.violations > 0 }
        try stage.report.expect(findings.isEmpty, "the platform's ledger holds: \(findings)")
        let statement = report["statements"]?.array?.first { ($0["count"]?.integer ?? 0) > 0 }
        stage.report.held(
            "reconcile", "对账",
            [
                "3201 for \(day): \(statement?["count"]?.integer ?? 0) settlements, "
                    + "¥\(statement?["medfee_sumamt"]?.string ?? "")  equal to the cent"
            ])
    }

    private func revoke(_ code: String, _ person: SandboxPerson, _ visit: DemoDesk) async throws {
        _ = try await cast.issuer.connection.send(
            .post, "/v1/codes/\(code)/revocation", body: ["reason": "cessation_of_operation"])
        do {
            _ = try await visit.carry(PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo))
            try stage.report.expect(false, "the very next call is refused")
        } catch PlatformFailure.notSent(.unauthorized, let code) {
            stage.report.held(
                "revoked", "吊销即拒", ["the code is revoked, and its very next call refused: \(code)"])
        }
    }
}
