import GRDB
import InsurancePlatform

/// 1101, and what every transaction asks about persons.
extension LedgerTransaction {
    /// By e-token (01), identity card (02) or card (03).
    func person(_ query: PersonQuery, _ call: BusinessCall) throws -> InsuredPerson {
        let column: String
        switch query.mdtrtCertType {
        case "01": column = "token_no"
        case "02": column = "cert_no"
        case "03": column = "card_no"
        default:
            throw BusinessRefusal.field(
                FsiError(.malformedField, field: "input.data.mdtrt_cert_type", "01, 02 or 03 is due"))
        }
        let row = try first("SELECT * FROM person WHERE \(column) = ?", [query.mdtrtCertNo])
        guard let row, query.psnName.isEmpty || query.psnName == row["name"],
            query.certno.isEmpty || query.certno == row["cert_no"]
        else { throw BusinessRefusal.unknownPerson }
        let number: String = row["psn_no"]
        var base = InsuredPerson.Base(psnNo: number, certno: row["cert_no"], psnName: row["name"])
        base.psnCertType = "01"
        base.gend = row["gender"]
        base.naty = row["nationality"]
        base.brdy = row["birth"]
        base.age = Self.age(born: row["birth"], on: call.day)
        return InsuredPerson(base: base, insurances: try insurances(of: number))
    }

    private func insurances(of person: String) throws -> [InsuredPerson.Insurance] {
        try all("SELECT * FROM insurance WHERE psn_no = ? ORDER BY insutype", [person]).map { row in
            var insurance = InsuredPerson.Insurance(
                insutype: row["insutype"], insuplcAdmdvs: row["admdvs"], balc: row.cents("balance"))
            insurance.psnType = row["person_type"]
            insurance.psnInsuStas = row["status"]
            insurance.psnInsuDate = row["since"]
            insurance.pausInsuDate = row["paused"]
            insurance.cvlservFlag = row["civil_servant"]
            insurance.empName = row["employer"]
            return insurance
        }
    }

    /// The person's insurance, in force, at the place that the envelope names.
    func insurance(of person: String, _ insutype: String, _ call: BusinessCall) throws -> Row {
        guard try first("SELECT 1 FROM person WHERE psn_no = ?", [person]) != nil else {
            throw BusinessRefusal.unknownPerson
        }
        let row = try first(
            "SELECT * FROM insurance WHERE psn_no = ? AND insutype = ?", [person, insutype])
        guard let row, row["status"] == "1" else { throw BusinessRefusal.notInsured }
        guard row["admdvs"] == call.request.insuplcAdmdvs else { throw BusinessRefusal.wrongPlace }
        return row
    }

    /// Whole years between two days written `yyyy-MM-dd`.
    private static func age(born: String, on day: String) -> ExactDecimal {
        let years = (Int64(day.prefix(4)) ?? 0) - (Int64(born.prefix(4)) ?? 0)
        let isBeforeBirthday = day.dropFirst(5) < born.dropFirst(5)
        return ExactDecimal(units: max(0, years - (isBeforeBirthday ? 1 : 0)), scale: 0)
    }
}
