import Foundation
import InsurancePlatform

/// What a benchmark carries: person queries, and settlements whose visits and bills are uploaded beforehand.
struct BenchVisits: Sendable {
    private struct Patient: Sendable {
        let card: String
        let psnNo: String
        let insutype: String
    }

    private static let sender = PlatformCall.Sender(id: "2026", name: "收费员")
    private static let workers = 16

    private let platform: any Platform
    private let site: FsiSite
    private let messages: MessageIDSource
    private let patients: [Patient]

    /// Looks up a hundred of the sandbox's made-up persons.
    init(_ platform: any Platform, site: FsiSite) async throws {
        self.platform = platform
        self.site = site
        messages = try MessageIDSource(fixmedinsCode: site.fixmedinsCode)
        var patients: [Patient] = []
        for number in 1000..<1100 {
            let card = "HF0000\(number)"
            let found = try await platform.carry(
                PersonQuery(mdtrtCertType: "03", mdtrtCertNo: card),
                msgid: messages.next(now: DirectPlatform.milliseconds()).text, sender: Self.sender)
            guard let insurance = found.insurances.first else { continue }
            patients.append(Patient(card: card, psnNo: found.base.psnNo, insutype: insurance.insutype))
        }
        self.patients = patients
    }

    /// Four queries to each settlement: about what a visit to a clinic asks (person, person again at the
    /// cashier's, catalogue, pre-settlement, settlement).
    func mix(_ count: Int) async throws -> (calls: [PlatformCall], isSettlement: [Bool]) {
        let due = try await settlements(count / 5, billsOfAVisit: 1)
        let isSettlement = (0..<count).map { $0 % 5 == 4 && $0 / 5 < due.count }
        let calls = isSettlement.enumerated().map { number, isSettlement in
            isSettlement ? due[number / 5] : query(patients[number % patients.count])
        }
        return (calls, isSettlement)
    }

    private func query(_ patient: Patient) -> PlatformCall {
        call(PersonQuery(mdtrtCertType: "03", mdtrtCertNo: patient.card))
    }

    /// Bills of one visit stand as far apart as they can: one must be settled before the next.
    func settlements(_ count: Int, billsOfAVisit bills: Int) async throws -> [PlatformCall] {
        let visits = (count + bills - 1) / bills
        let found = try await withThrowingTaskGroup(of: [Int: [PlatformCall]].self) { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    var found: [Int: [PlatformCall]] = [:]
                    for number in stride(from: worker, to: visits, by: Self.workers) {
                        found[number] = try await open(patients[number % patients.count], bills)
                    }
                    return found
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
        }
        return Array(
            (0..<bills).flatMap { bill in (0..<visits).compactMap { found[$0]?[bill] } }.prefix(count))
    }

    private func open(_ patient: Patient, _ bills: Int) async throws -> [PlatformCall] {
        let time = ChinaTime.text(DirectPlatform.milliseconds(), .text)
        let visit = try await carry(
            Registration(
                psnNo: patient.psnNo, insutype: patient.insutype, begntime: time, mdtrtCertType: "03",
                mdtrtCertNo: patient.card, iptOtpNo: "OTP-\(UUID().uuidString.prefix(8))"))
        let fees = (1...bills).flatMap { bill in
            [("HFX0001", Int64(3333)), ("HFT0001", 2000)].map { code, cents in
                FeeUpload.Fee(
                    feedetlSn: "\(bill)-\(code)", mdtrtID: visit.mdtrtID, psnNo: patient.psnNo,
                    chrgBchno: "B\(bill)", feeOcurTime: time, medListCodg: code, medinsListCodg: "H-\(code)",
                    cnt: ExactDecimal(units: 1, scale: 0), pric: ExactDecimal(units: cents, scale: 2),
                    detItemFeeSumamt: ExactDecimal(units: cents, scale: 2))
            }
        }
        _ = try await carry(FeeUpload(fees: fees))
        return (1...bills).map { bill in
            call(
                Settlement(
                    SettlementRequest(
                        psnNo: patient.psnNo, mdtrtCertType: "03", mdtrtCertNo: patient.card, medType: "11",
                        medfeeSumamt: ExactDecimal(units: 5333, scale: 2), mdtrtID: visit.mdtrtID,
                        chrgBchno: "B\(bill)", acctUsedFlag: "1", insutype: patient.insutype)))
        }
    }

    private func carry<Transaction: PlatformTransaction>(
        _ transaction: Transaction
    ) async throws -> Transaction.Answer {
        try await platform.carry(call(transaction)).content(of: Transaction.self)
    }

    private func call(_ transaction: some PlatformTransaction) -> PlatformCall {
        PlatformCall(
            transaction, msgid: messages.next(now: DirectPlatform.milliseconds()).text, sender: Self.sender,
            insuplcAdmdvs: site.mdtrtareaAdmvs)
    }
}
