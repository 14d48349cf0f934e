import ActivationCodes
import AuditLog
import Foundation
import HufuServer
import InsurancePlatform
import Storage

extension SettlementStage {
    static let psnNo = "33010219900307831X"

    func settlement(
        visit: String, infno: String = "2207", cents: Int64 = 12_345, insutype: String? = nil,
        msgid: String? = nil
    ) -> PlatformCall {
        var request = SettlementRequest(
            psnNo: Self.psnNo, mdtrtCertType: "02", mdtrtCertNo: Self.psnNo, medType: "11",
            medfeeSumamt: ExactDecimal(cents: cents), mdtrtID: visit, chrgBchno: "1", acctUsedFlag: "1",
            insutype: insutype ?? (infno == "2304" ? "390" : "310"))
        request.invono = "I\(visit)"
        return call(infno, Settlement(request).input, msgid)
    }

    func cancellation(setlID: String, visit: String, msgid: String? = nil) -> PlatformCall {
        call("2208", SettlementCancel(setlID: setlID, mdtrtID: visit, psnNo: Self.psnNo).input, msgid)
    }

    func reversal(of original: PlatformCall, msgid: String? = nil) -> PlatformCall {
        call(
            "2601",
            Reversal(psnNo: Self.psnNo, omsgid: original.msgid, oinfno: original.infno).input, msgid)
    }

    func registration(msgid: String? = nil) -> PlatformCall {
        call("2401", ["mdtrtinfo": ["psn_no": .string(Self.psnNo), "insutype": "390"]], msgid)
    }

    func call(_ infno: String, _ input: ExactJSON, _ msgid: String?) -> PlatformCall {
        PlatformCall(
            infno: infno, msgid: msgid ?? newMessageID(),
            sender: PlatformCall.Sender(id: "ward7", name: Self.operatorName), insuplcAdmdvs: "330102",
            input: input)
    }

    var device: Call {
        Call(
            caller: .device(bindingID: Self.institution, codeIndex: 0), door: "http",
            requestID: "test-request", traceID: String(repeating: "a", count: 32))
    }

    var admin: Call {
        Call(
            caller: .person(id: Self.institution, name: "admin", roles: [.admin]), door: "http",
            requestID: "test-request", traceID: String(repeating: "b", count: 32))
    }

    @discardableResult
    func carry(
        _ call: PlatformCall, key: String? = nil, institution: UUID = SettlementStage.institution
    ) async throws -> SettlementReply {
        try await desk.settlements.carry(
            call, by: device, fixmedinsCode: Self.code, institution: institution, idempotencyKey: key)
    }

    func entry(_ msgid: String) async throws -> JournalEntry? {
        try await store.read { try $0.settlement(msgid: msgid)?.entry }
    }

    func state(_ call: PlatformCall) async throws -> JournalState? { try await entry(call.msgid)?.state }

    /// Looks at what is open, again and again, with the clock moving on.
    func resolveAll(within seconds: Int64 = 4000) async throws {
        var left = seconds
        while left > 0 {
            try await desk.resolver.step()
            if try await store.read({ try $0.openSettlementCount().count }) == 0 { return }
            try await advance(seconds: 30)
            left -= 30
        }
    }

    func reconcile(_ date: String? = nil) async throws -> ReconciliationReport {
        try await desk.reconciliation.run(date: date ?? self.date, by: admin)
    }

    /// What the days come to that are due now, the newest first.
    func reconcileDue() async throws -> [ReconciliationReport] {
        var reports: [ReconciliationReport] = []
        for date in try await desk.reconciliation.dueDates() { reports.append(try await reconcile(date)) }
        return reports
    }

    /// Events about a settlement in the log, oldest first, with their outcomes.
    func events(_ subject: String) async throws -> [String] {
        try await store.read { transaction in
            try transaction.entries(EntryFilter(), after: -1, newestFirst: false, limit: 100_000)
        }.map { try JSON(parsing: Array($0.body)) }.filter { $0["subject"]?["id"]?.string == subject }
            .map { "\($0["event"]?.string ?? "") \($0["outcome"]?.string ?? "")" }
    }
}

extension SettlementReply {
    var setlID: String? {
        guard case .settled(let answer) = outcome else { return nil }
        return answer.output["setlinfo"]?["setl_id"]?.string
    }
}
