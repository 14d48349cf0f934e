import GRDB
import InsurancePlatform

/// 2201, 2202, 2203 and 2401.
extension LedgerTransaction {
    func register(_ query: Registration, _ call: BusinessCall) throws -> Registration.Answer {
        let id = try open(
            person: query.psnNo, insutype: query.insutype, number: query.iptOtpNo, isInpatient: false,
            medType: "11", call)
        return Registration.Answer(
            mdtrtID: Identifier.visit(id), psnNo: query.psnNo, iptOtpNo: query.iptOtpNo)
    }

    func admit(_ query: InpatientRegistration, _ call: BusinessCall) throws -> InpatientRegistration.Answer {
        let stay = query.stay
        let id = try open(
            person: stay.psnNo, insutype: stay.insutype, number: stay.iptNo, isInpatient: true,
            medType: stay.medType.isEmpty ? "21" : stay.medType, call)
        return InpatientRegistration.Answer(mdtrtID: Identifier.visit(id))
    }

    private func open(
        person: String, insutype: String, number: String, isInpatient: Bool, medType: String,
        _ call: BusinessCall
    ) throws -> Int64 {
        _ = try insurance(of: person, insutype, call)
        try run(
            """
            INSERT INTO visit (institution, psn_no, insutype, is_inpatient, number, med_type, opened_by)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, [call.institution, person, insutype, isInpatient, number, medType, call.request.msgid])
        return lastID
    }

    func cancelVisit(_ query: RegistrationCancel, _ call: BusinessCall) throws -> EmptyAnswer {
        let visit = try visit(query.mdtrtID, of: query.psnNo, call)
        guard visit["number"] == query.iptOtpNo else { throw BusinessRefusal.unknownVisit }
        try close(visit["id"])
        return EmptyAnswer()
    }

    /// A visit with a settlement that stands can't be taken back.
    func close(_ visit: Int64) throws {
        let standing = try number(
            """
            SELECT count(*) FROM settlement s WHERE visit = ? AND reversed_by IS NULL AND refund_of IS NULL
            AND NOT EXISTS (SELECT 1 FROM settlement r WHERE r.refund_of = s.id AND r.reversed_by IS NULL)
            """, [visit])
        guard standing == 0 else { throw BusinessRefusal.visitHasSettlements }
        try run("UPDATE visit SET is_open = 0 WHERE id = ?", [visit])
    }

    func describeVisit(_ query: VisitUpload, _ call: BusinessCall) throws -> EmptyAnswer {
        let visit = try visit(query.visit.mdtrtID, of: query.visit.psnNo, call)
        try run(
            "UPDATE visit SET med_type = ? WHERE id = ?", [query.visit.medType, visit["id"] as Int64])
        return EmptyAnswer()
    }

    /// The institution's open visit of that person.
    func visit(_ identifier: String, of person: String, _ call: BusinessCall) throws -> Row {
        guard let id: Int64 = Identifier.visit(identifier),
            let row = try first("SELECT * FROM visit WHERE id = ? AND is_open", [id]),
            row["institution"] == call.institution, row["psn_no"] == person
        else { throw BusinessRefusal.unknownVisit }
        return row
    }
}
