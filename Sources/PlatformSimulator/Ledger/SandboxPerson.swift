import GRDB
public import InsurancePlatform

/// A made-up person with one of the insurances, as tests and demonstrations need them.
public struct SandboxPerson: Sendable, Hashable {
    public let psnNo: String
    public let name: String
    public let certNo: String
    public let cardNo: String
    public let tokenNo: String
    public let insutype: String
    /// `insuplc_admdvs`
    public let admdvs: String
    public let balance: ExactDecimal
    /// Whether the insurance is in force.
    public let isInsured: Bool
}

extension LedgerTransaction {
    func people() throws -> [SandboxPerson] {
        try all("SELECT * FROM person JOIN insurance USING (psn_no) ORDER BY psn_no, insutype").map { row in
            SandboxPerson(
                psnNo: row["psn_no"], name: row["name"], certNo: row["cert_no"], cardNo: row["card_no"],
                tokenNo: row["token_no"], insutype: row["insutype"], admdvs: row["admdvs"],
                balance: row.cents("balance"), isInsured: row["status"] == "1")
        }
    }
}
