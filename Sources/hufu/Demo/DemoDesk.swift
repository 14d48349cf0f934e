import Foundation
import InsurancePlatform
import PlatformSimulator

/// A hospital's cashier: typed transactions through the gateway.
struct DemoDesk: Sendable {
    let platform: GatewayPlatform
    let messages: MessageIDSource
    let sender: PlatformCall.Sender

    private var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    func newMessageID() -> String { messages.next(now: now).text }

    func carry<Transaction: PlatformTransaction>(
        _ transaction: Transaction, msgid: String? = nil
    ) async throws -> Transaction.Answer {
        try await platform.carry(
            transaction, msgid: msgid ?? newMessageID(), sender: sender,
            insuplcAdmdvs: platform.site.mdtrtareaAdmvs)
    }

    /// Registers a visit and uploads its fees; answers what there is to settle.
    func open(_ person: SandboxPerson) async throws -> SettlementRequest {
        let time = ChinaTime.text(now, .text)
        let registered = try await carry(
            Registration(
                psnNo: person.psnNo, insutype: person.insutype, begntime: time, mdtrtCertType: "02",
                mdtrtCertNo: person.certNo, iptOtpNo: "OTP-\(UUID().uuidString.prefix(8))"))
        let fees = [("HFX0001", "2", "33.33"), ("HFX0003", "1", "20.00")].enumerated().compactMap {
            number, item -> FeeUpload.Fee? in
            guard let count = ExactDecimal(item.1), let price = ExactDecimal(item.2) else { return nil }
            return FeeUpload.Fee(
                feedetlSn: "F\(number + 1)", mdtrtID: registered.mdtrtID, psnNo: person.psnNo,
                chrgBchno: "B1",
                feeOcurTime: time, medListCodg: item.0, medinsListCodg: "H-\(number)", cnt: count,
                pric: price,
                detItemFeeSumamt: count.multiplied(by: price, scale: 2))
        }
        _ = try await carry(FeeUpload(fees: fees))
        return SettlementRequest(
            psnNo: person.psnNo, mdtrtCertType: "02", mdtrtCertNo: person.certNo, medType: "11",
            medfeeSumamt: fees.reduce(.zero) { $0 + $1.detItemFeeSumamt }, mdtrtID: registered.mdtrtID,
            chrgBchno: "", acctUsedFlag: "1", insutype: person.insutype)
    }
}
