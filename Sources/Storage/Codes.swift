package import ActivationCodes
package import Foundation

/// A code as it lies in the database: its terms and state, what issued it, and never its text.
package struct StoredCode: Sendable, Equatable {
    package var code: ActivationCode
    package var institutionID: UUID
    package var applicationID: UUID
    package var batchID: UUID?

    package init(code: ActivationCode, institutionID: UUID, applicationID: UUID, batchID: UUID? = nil) {
        self.code = code
        self.institutionID = institutionID
        self.applicationID = applicationID
        self.batchID = batchID
    }
}

/// What a list of codes is narrowed to; nil means any.
package struct CodeFilter: Sendable {
    /// What a code is now, which its row may not say yet: its time may be over before a sweep marks it.
    package var state: CodeState?
    package var institutionID: UUID?
    package var applicationID: UUID?
    package var batchID: UUID?
    package var policyName: String?
    package init() {}
}

extension Transaction {
    /// The columns in the order in which `storedCode` reads them.
    private static let columns = """
        idx, id, state, suspended_from, institution_id, application_id, batch_id, policy_name, policy_version,
        policy_reference, created_at, not_before, expires_at, activate_before, duration, duration_start,
        usage_limit, used_count, device_limit, matching, binding_key, roles, scopes, ranges, renewals_left,
        renewal_period, metadata, revoked_reason, revoked_at
        """
    /// Codes of a batch exist only once the batch is confirmed.
    private static let issued =
        "(batch_id IS NULL OR EXISTS (SELECT 1 FROM batches b WHERE b.id = batch_id AND b.state = 'issued'))"
    private static let insertion = """
        INSERT INTO codes (idx, id, state, suspended_from, institution_id, application_id, batch_id, policy_name,
        policy_version, policy_reference, created_at, not_before, expires_at, activate_before, duration,
        duration_start, usage_limit, used_count, device_limit, matching, binding_key, roles, scopes, ranges,
        renewals_left, renewal_period, metadata, revoked_reason, revoked_at, lookup, sealed)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """
    private static let byLookup = "SELECT \(columns) FROM codes WHERE lookup = ? AND \(issued)"
    private static let byID = "SELECT \(columns) FROM codes WHERE id = ? AND \(issued)"
    private static let byIndex = "SELECT \(columns) FROM codes WHERE idx = ? AND \(issued)"

    /// The dense index that the next code gets.
    package func nextCodeIndex() throws -> Int {
        try rows("SELECT coalesce(max(idx) + 1, 0) FROM codes")[0].integer(0)
    }

    package func insert(_ stored: StoredCode, lookup: Data, sealed: Data) throws {
        let code = stored.code
        cache?.forgetCode(index: code.index)
        try run(
            Self.insertion,
            [
                SQLValue(code.index), SQLValue(code.id), .text(code.state.rawValue),
                SQLValue(code.suspendedFrom?.rawValue), SQLValue(stored.institutionID),
                SQLValue(stored.applicationID), SQLValue(stored.batchID), .text(code.policyName),
                SQLValue(code.policyVersion), SQLValue(code.policyReference), SQLValue(code.createdAt),
                SQLValue(code.notBefore), SQLValue(code.expiresAt), SQLValue(code.activateBefore),
                .text(code.duration.description), .text(code.durationStart.rawValue),
                SQLValue(code.usageLimit), SQLValue(code.usedCount), SQLValue(code.deviceLimit),
                .text(code.matching.rawValue), SQLValue(code.bindingKey), SQLValue(names: code.roles),
                SQLValue(names: code.scopes), SQLValue(names: code.addressRanges.map(\.description)),
                SQLValue(code.renewalsLeft), .text(code.renewalPeriod.description),
                SQLValue(code.metadata.storedText), SQLValue(code.revocation?.reason.name),
                SQLValue(code.revocation?.at), .blob(lookup), .blob(sealed),
            ])
    }

    /// Writes what a transition may change; terms are fixed when the code is issued.
    package func update(_ code: ActivationCode) throws {
        cache?.forgetCode(index: code.index)
        try run(
            """
            UPDATE codes SET state = ?, suspended_from = ?, expires_at = ?, used_count = ?, renewals_left = ?,
            revoked_reason = ?, revoked_at = ? WHERE idx = ?
            """,
            [
                .text(code.state.rawValue), SQLValue(code.suspendedFrom?.rawValue), SQLValue(code.expiresAt),
                SQLValue(code.usedCount), SQLValue(code.renewalsLeft), SQLValue(code.revocation?.reason.name),
                SQLValue(code.revocation?.at), SQLValue(code.index),
            ])
    }

    package func code(lookup: Data) throws -> StoredCode? {
        if let known = cache?.code(lookup: lookup) { return known }
        let found = try rows(Self.byLookup, [.blob(lookup)]).first.map(Self.storedCode)
        if let found { cache?.keep(found, lookup: lookup) }
        return found
    }

    package func code(id: UUID) throws -> StoredCode? {
        try rows(Self.byID, [SQLValue(id)]).first.map(Self.storedCode)
    }

    package func code(index: Int) throws -> StoredCode? {
        if let known = cache?.code(index: index) { return known }
        let found = try rows(Self.byIndex, [SQLValue(index)]).first.map(Self.storedCode)
        if let found { cache?.keep(found) }
        return found
    }

    /// Codes after a dense index, in its order: a cursor that stays right while codes are added.
    package func codes(
        _ filter: CodeFilter, at now: Date, after index: Int, limit: Int
    ) throws -> [StoredCode] {
        var conditions = ["idx > ?", Self.issued]
        var arguments = [SQLValue(index)]
        func narrow(_ column: String, _ value: SQLValue) {
            if value == .null { return }
            conditions.append("\(column) = ?")
            arguments.append(value)
        }
        if let state = filter.state {
            conditions.append(Self.condition(state))
            arguments += Array(repeating: SQLValue(now), count: state == .revoked ? 0 : 2)
        }
        narrow("institution_id", SQLValue(filter.institutionID))
        narrow("application_id", SQLValue(filter.applicationID))
        narrow("batch_id", SQLValue(filter.batchID))
        narrow("policy_name", SQLValue(filter.policyName))
        return try rows(
            "SELECT \(Self.columns) FROM codes WHERE \(conditions.joined(separator: " AND ")) ORDER BY idx LIMIT ?",
            arguments + [SQLValue(limit)]
        ).map(Self.storedCode)
    }

    /// That a code is in a state at a moment, as `ActivationCode.effectiveState` says it; the moment is bound twice,
    /// for `revoked` never.
    private static func condition(_ state: CodeState) -> String {
        let isOver = "(ifnull(expires_at <= ?, 0) OR (used_count = 0 AND activate_before <= ?))"
        return switch state {
        case .revoked: "state = 'revoked'"
        case .expired: "(state = 'expired' OR (state <> 'revoked' AND \(isOver)))"
        default: "(state = '\(state.rawValue)' AND NOT \(isOver))"
        }
    }

    /// Codes whose time has passed and that no sweep has marked yet.
    package func codesDue(at now: Date, limit: Int) throws -> [StoredCode] {
        let expired = try rows(
            """
            SELECT \(Self.columns) FROM codes WHERE expires_at <= ?
            AND expires_at IS NOT NULL AND state NOT IN ('expired', 'revoked') AND \(Self.issued) LIMIT ?
            """, [SQLValue(now), SQLValue(limit)])
        let lapsed = try rows(
            """
            SELECT \(Self.columns) FROM codes WHERE used_count = 0 AND state IN ('pending', 'suspended') AND activate_before <= ?
            AND (expires_at IS NULL OR expires_at > ?) AND \(Self.issued) LIMIT ?
            """, [SQLValue(now), SQLValue(now), SQLValue(max(0, limit - expired.count))])
        return try (expired + lapsed).map(Self.storedCode)
    }

    private static func storedCode(_ row: SQLRow) throws -> StoredCode {
        guard let state = CodeState(rawValue: try row.text(2)),
            let duration = ValidityPeriod(try row.text(14)),
            let durationStart = Policy.DurationStart(rawValue: try row.text(15)),
            let matching = FingerprintMatching(rawValue: try row.text(19)),
            let renewalPeriod = ValidityPeriod(try row.text(25))
        else { throw StorageError.corrupt("code \(try row.integer(0))") }
        var revocation: ActivationCode.Revocation?
        if let name = try row.optionalText(27), let reason = RevocationReason(named: name) {
            revocation = ActivationCode.Revocation(reason: reason, at: try row.date(28))
        }
        let code = ActivationCode(
            id: try row.uuid(1), index: try row.integer(0), state: state,
            suspendedFrom: try row.optionalText(3).flatMap(CodeState.init(rawValue:)),
            policyName: try row.text(7), policyVersion: try row.integer(8),
            policyReference: try row.optionalText(9), createdAt: try row.date(10),
            notBefore: try row.date(11), expiresAt: try row.optionalDate(12),
            activateBefore: try row.date(13), duration: duration, durationStart: durationStart,
            usageLimit: try row.optionalInteger(16), usedCount: try row.integer(17),
            deviceLimit: try row.integer(18), matching: matching, bindingKey: try row.optionalBlob(20),
            roles: try row.names(21), scopes: try row.names(22),
            addressRanges: try row.names(23).compactMap { AddressRange($0) },
            renewalsLeft: try row.integer(24), renewalPeriod: renewalPeriod,
            metadata: try CodeMetadata(storedText: try row.optionalText(26)), revocation: revocation)
        return StoredCode(
            code: code, institutionID: try row.uuid(4), applicationID: try row.uuid(5),
            batchID: try row.optionalUUID(6))
    }
}
