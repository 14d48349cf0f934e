import GRDB
import InsurancePlatform

/// 5203: settlements that stand, refunds among them, by `setl_id`, `mdtrt_id` or the `msgid` that booked them.
extension LedgerTransaction {
    func settlements(of call: BusinessCall) throws -> ExactJSON {
        let data = call.request.input["data"]
        func field(_ name: String) -> String { data?[name]?.string ?? "" }
        let (person, setlID, mdtrtID) = (field("psn_no"), field("setl_id"), field("mdtrt_id"))
        let msgid = field("medins_setl_id")
        guard !person.isEmpty else { throw Self.missing("psn_no") }
        guard !(setlID + mdtrtID + msgid).isEmpty else { throw Self.missing("mdtrt_id") }
        // Who has only the msgid may put it where the settlement's identifier stands.
        let settlement: Int64? = Identifier.settlement(setlID)
        let message = msgid.isEmpty && settlement == nil ? setlID : msgid
        let rows = try all(
            """
            SELECT * FROM settlement WHERE institution = ?1 AND psn_no = ?2 AND reversed_by IS NULL
            AND (?3 IS NULL OR id = ?3) AND (?4 = '' OR msgid = ?4) AND (?5 = '' OR visit = ?6) ORDER BY id
            """,
            [
                call.institution, person, settlement, message, mdtrtID,
                Identifier.visit(mdtrtID) as Int64?,
            ])
        let answers = try rows.map { try answer(of: $0) }
        return SettlementQuery.Answer(
            settlements: answers.map(\.info), shares: answers.count == 1 ? answers[0].shares : []
        ).output
    }

    private static func missing(_ name: String) -> BusinessRefusal {
        .field(FsiError(.missingField, field: "input.data.\(name)", "the field is required"))
    }
}
