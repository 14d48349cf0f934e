import GRDB
import InsurancePlatform

/// 1312.
extension LedgerTransaction {
    func catalogue(_ query: CatalogueQuery, _ call: BusinessCall) throws -> CatalogueQuery.Answer {
        let size = min(max(query.pageSize, 1), 1000)
        let page = min(max(query.pageNum, 1), 1_000_000)
        let rows = try all(
            """
            SELECT * FROM catalogue WHERE (?1 = '' OR code = ?1) AND (?2 = '' OR instr(name, ?2) > 0)
            AND (?3 = '' OR list_type = ?3) ORDER BY code LIMIT ?4 OFFSET ?5
            """, [query.hilistCode, query.hilistName, query.listType, size, (page - 1) * size])
        return CatalogueQuery.Answer(
            items: rows.map { row in
                var item = CatalogueQuery.Item(hilistCode: row["code"], hilistName: row["name"])
                item.listType = row["list_type"]
                item.chrgitmLv = row["level"]
                item.begndate = "2019-01-01"
                item.valiFlag = "1"
                return item
            })
    }
}
