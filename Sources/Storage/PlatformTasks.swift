import Foundation
package import InsurancePlatform

extension Transaction {
    /// Opens a task unless the same is open or was decided; answers whether it is new. One whose difference was
    /// gone and came back is opened again.
    package func open(_ task: PlatformTask) throws -> Bool {
        try run(
            """
            INSERT INTO platform_tasks (fixmedins_code, date, insutype, clr_type, kind, subject, msgid,
                setl_id, mdtrt_id, state, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)
            ON CONFLICT (fixmedins_code, date, insutype, clr_type, kind, subject)
                DO UPDATE SET state = 'open', created_at = excluded.created_at, decision = NULL,
                    decided_by = NULL, decided_at = NULL WHERE platform_tasks.state = 'gone'
            """,
            Self.values(task.key) + [
                .text(task.kind.rawValue), .text(task.subject), SQLValue(task.msgid), SQLValue(task.setlID),
                SQLValue(task.mdtrtID), SQLValue(task.createdAt),
            ]) == 1
    }

    package func update(_ task: PlatformTask) throws {
        try run(
            "UPDATE platform_tasks SET state = ?, decision = ?, decided_by = ?, decided_at = ? WHERE id = ?",
            [
                .text(task.state.rawValue), SQLValue(task.decision?.rawValue), SQLValue(task.decidedBy),
                task.decidedAt.map { SQLValue($0) } ?? .null, SQLValue(task.id),
            ])
    }

    package func task(id: Int) throws -> PlatformTask? { try tasks("id = ?", [SQLValue(id)]).first }

    package func openTasks(date: String) throws -> [PlatformTask] {
        try tasks("date = ? AND state = 'open' ORDER BY id", [.text(date)])
    }

    /// The days that have an open task.
    package func datesOfOpenTasks(fixmedinsCode: String) throws -> Set<String> {
        Set(
            try rows(
                "SELECT DISTINCT date FROM platform_tasks WHERE fixmedins_code = ? AND state = 'open'",
                [.text(fixmedinsCode)]
            ).map { try $0.text(0) })
    }

    package func openTasks(fixmedinsCode: String, date: String) throws -> [PlatformTask] {
        try tasks(
            "fixmedins_code = ? AND date = ? AND state = 'open' ORDER BY id",
            [.text(fixmedinsCode), .text(date)])
    }

    /// What they were about is known now.
    package func closeTasks(_ kind: PlatformTask.Kind, msgid: String, at now: Int64) throws {
        try run(
            "UPDATE platform_tasks SET state = 'gone', decided_at = ? WHERE state = 'open' AND kind = ? AND msgid = ?",
            [SQLValue(now), .text(kind.rawValue), .text(msgid)])
    }

    package func openTaskCount() throws -> Int {
        try rows("SELECT count(*) FROM platform_tasks WHERE state = 'open'")[0].integer(0)
    }

    /// - Parameter state: nil for any.
    package func tasks(_ state: PlatformTask.State?, after id: Int, limit: Int) throws -> [PlatformTask] {
        if let state {
            return try tasks(
                "state = ? AND id > ? ORDER BY id LIMIT ?",
                [.text(state.rawValue), SQLValue(id), SQLValue(limit)])
        }
        return try tasks("id > ? ORDER BY id LIMIT ?", [SQLValue(id), SQLValue(limit)])
    }

    private func tasks(_ condition: String, _ arguments: [SQLValue]) throws -> [PlatformTask] {
        try rows(
            """
            SELECT id, fixmedins_code, date, insutype, clr_type, kind, msgid, setl_id, mdtrt_id, state,
                decision, decided_by, created_at, decided_at
            FROM platform_tasks WHERE \(condition)
            """, arguments
        ).map { row in
            guard let kind = PlatformTask.Kind(rawValue: try row.text(5)),
                let state = PlatformTask.State(rawValue: try row.text(9))
            else { throw StorageError.corrupt("a platform task") }
            var task = PlatformTask(
                key: try Self.key(row, 1), kind: kind, msgid: try row.optionalText(6),
                setlID: try row.optionalText(7), mdtrtID: try row.optionalText(8),
                createdAt: Int64(try row.integer(12)))
            task.id = try row.integer(0)
            task.state = state
            task.decision = try row.optionalText(10).flatMap(PlatformTask.Decision.init(rawValue:))
            task.decidedBy = try row.optionalText(11)
            task.decidedAt = try row.optionalInteger(13).map(Int64.init)
            return task
        }
    }
}
