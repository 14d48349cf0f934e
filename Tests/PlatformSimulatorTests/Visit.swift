import InsurancePlatform
import PlatformSimulator

/// An outpatient's visit with fees, ready to be settled.
struct Visit: Sendable {
    let person: SandboxPerson
    let mdtrtID: String
    let total: ExactDecimal

    struct Item {
        var code = "HFX0001"
        var count = "1"
        var price = "100.00"
        var amount: String?
    }

    static func open(
        _ client: SandboxClient, _ person: SandboxPerson, _ items: [Item] = [Item()]
    ) async throws -> Visit {
        let registered = try await client.carry(
            Registration(
                psnNo: person.psnNo, insutype: person.insutype, begntime: "2026-11-21 08:00:00",
                mdtrtCertType: "02", mdtrtCertNo: person.certNo, iptOtpNo: "OTP1"))
        let fees = items.enumerated().map { index, item in
            fee(item, "F\(index + 1)", registered.mdtrtID, person)
        }
        _ = try await client.carry(FeeUpload(fees: fees))
        return Visit(
            person: person, mdtrtID: registered.mdtrtID,
            total: fees.reduce(.zero) { $0 + $1.detItemFeeSumamt })
    }

    static func fee(
        _ item: Item, _ number: String, _ mdtrtID: String, _ person: SandboxPerson
    ) -> FeeUpload.Fee {
        let count = ExactDecimal(item.count) ?? .zero
        let price = ExactDecimal(item.price) ?? .zero
        let amount = item.amount.flatMap { ExactDecimal($0) } ?? count.multiplied(by: price, scale: 2)
        return FeeUpload.Fee(
            feedetlSn: number, mdtrtID: mdtrtID, psnNo: person.psnNo, chrgBchno: "B1",
            feeOcurTime: "2026-11-21 08:05:00", medListCodg: item.code, medinsListCodg: "H-1", cnt: count,
            pric: price, detItemFeeSumamt: amount)
    }

    func request(account: Bool = true) -> SettlementRequest {
        SettlementRequest(
            psnNo: person.psnNo, mdtrtCertType: "02", mdtrtCertNo: person.certNo, medType: "11",
            medfeeSumamt: total, mdtrtID: mdtrtID, chrgBchno: "", acctUsedFlag: account ? "1" : "0",
            insutype: person.insutype)
    }
}
