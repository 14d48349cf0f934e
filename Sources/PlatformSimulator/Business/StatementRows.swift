import GRDB
import InsurancePlatform

/// 3202: the rows of an uploaded file against the ledger's, and a file of those that differ.
///
/// All insurances of the days are compared, unless the input names `insutype` or `clr_type` as well.
extension LedgerTransaction {
    /// Of what a settlement is known by in a file: a refund is a row of its own settlement or of its original's
    /// number, told apart by its flag.
    private struct Key: Hashable {
        let setlID: String
        let isRefund: Bool
    }

    func compareRows(_ call: BusinessCall) throws -> ExactJSON {
        let query: StatementDetail
        do { query = try StatementDetail(input: call.request.input) } catch {
            throw BusinessRefusal.field(error)
        }
        try Self.requireDays(query.stmtBegndate, query.stmtEnddate)
        let theirs: [StatementRow]
        do { theirs = try StatementFile.rows(fromZip: file(query.fileQuryNo, call).content) } catch {
            guard let error = error as? FsiError else { throw error }
            throw BusinessRefusal.unreadableFile(error)
        }
        let differences = Self.differences(theirs, try rows(query, call))
        let name = "stmt-\(query.stmtBegndate)-\(query.stmtEnddate).zip"
        let number = try keep(file: name, StatementFile.zip(differences: differences), call)
        return StatementDetail.Answer(
            fileQuryNo: number, filename: name,
            dldEndtime: ChinaTime.text(call.received + 7 * 86_400_000, .text)
        ).output
    }

    private func rows(_ query: StatementDetail, _ call: BusinessCall) throws -> [Row] {
        let data = call.request.input["data"]
        return try all(
            """
            SELECT s.*, o.id AS original FROM settlement s LEFT JOIN settlement o ON s.refund_of = o.id
            WHERE s.institution = ?1 AND s.day BETWEEN ?2 AND ?3 AND s.reversed_by IS NULL
            AND (?4 = '' OR s.insutype = ?4) AND (?5 = '' OR s.clr_type = ?5) ORDER BY s.id
            """,
            [
                call.institution, query.stmtBegndate, query.stmtEnddate,
                data?["insutype"]?.string ?? "", data?["clr_type"]?.string ?? "",
            ])
    }

    private static func differences(_ theirs: [StatementRow], _ ours: [Row]) -> [StatementDifference] {
        var left: [Key: StatementRow] = [:]
        var differences: [StatementDifference] = []
        for row in theirs {
            let key = Key(setlID: row.setlID, isRefund: row.isRefund)
            // The same row twice is one too many.
            if left.updateValue(row, forKey: key) != nil { differences.append(onlyTheirs(row, "重复的行")) }
        }
        for row in ours {
            let original: Int64? = row["original"]
            let isRefund = original != nil
            let names =
                [Identifier.settlement(row["id"])] + (original.map { [Identifier.settlement($0)] } ?? [])
            var match: StatementRow?
            for name in names where match == nil {
                match = left.removeValue(forKey: Key(setlID: name, isRefund: isRefund))
            }
            guard let match else {
                differences.append(difference(row, isRefund, .onlyPlatform, "仅平台有"))
                continue
            }
            let isSame =
                match.psnNo == row["psn_no"] && match.medfeeSumamt == row.cents("medfee")
                && match.fundPaySumamt == row.cents("fund") && match.acctPay == row.cents("account")
            if !isSame { differences.append(difference(row, isRefund, .amountsDiffer, "金额或人员不一致")) }
        }
        let rest = left.values.sorted { $0.setlID < $1.setlID }
        return differences + rest.map { onlyTheirs($0, "仅机构有") }
    }

    private static func difference(
        _ row: Row, _ isRefund: Bool, _ result: StatementDifference.Result, _ memo: String
    ) -> StatementDifference {
        StatementDifference(
            psnNo: row["psn_no"], mdtrtID: Identifier.visit(row["visit"]),
            setlID: Identifier.settlement(row["id"]), msgid: row["msgid"], stmtRslt: result.rawValue,
            isRefund: isRefund, memo: memo)
    }

    private static func onlyTheirs(_ row: StatementRow, _ memo: String) -> StatementDifference {
        StatementDifference(
            psnNo: row.psnNo, mdtrtID: row.mdtrtID, setlID: row.setlID, msgid: "",
            stmtRslt: StatementDifference.Result.onlyInstitution.rawValue, isRefund: row.isRefund, memo: memo)
    }
}
