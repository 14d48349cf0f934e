package import AuditLog
package import Foundation

/// An institution's request for codes under a policy, and how far it has come.
package struct Application: Sendable, Equatable {
    package enum State: String, CaseIterable, Sendable { case submitted, approved, rejected, issued }

    package struct Approval: Sendable, Equatable {
        package enum Decision: String, Sendable { case approve, reject }
        package var operatorID: UUID
        package var decision: Decision
        /// Sealed: free text may name people.
        package var comment: Data?
        package var at: Date

        package init(operatorID: UUID, decision: Decision, comment: Data?, at: Date) {
            self.operatorID = operatorID
            self.decision = decision
            self.comment = comment
            self.at = at
        }
    }

    package var id: UUID
    package var institutionID: UUID
    package var policyName: String
    package var policyVersion: Int
    /// How many codes: one is issued alone, more as a batch.
    package var quantity: Int
    /// Sealed, as comments are.
    package var purpose: Data?
    /// What the application narrows, as it was submitted.
    package var terms: JSON
    /// The contact person, sealed: personal data.
    package var contact: Data?
    package var state: State
    package var applicantID: UUID
    package var approvalsNeeded: Int
    package var approvals: [Approval]
    package var createdAt: Date
    package var codeID: UUID?

    package init(
        id: UUID, institutionID: UUID, policyName: String, policyVersion: Int, quantity: Int,
        purpose: Data?,
        terms: JSON, contact: Data?, state: State, applicantID: UUID, approvalsNeeded: Int,
        approvals: [Approval] = [], createdAt: Date, codeID: UUID? = nil
    ) {
        self.id = id
        self.institutionID = institutionID
        self.policyName = policyName
        self.policyVersion = policyVersion
        self.quantity = quantity
        self.purpose = purpose
        self.terms = terms
        self.contact = contact
        self.state = state
        self.applicantID = applicantID
        self.approvalsNeeded = approvalsNeeded
        self.approvals = approvals
        self.createdAt = createdAt
        self.codeID = codeID
    }
}

extension Transaction {
    private static let applicationColumns = """
        id, institution_id, policy_name, policy_version, quantity, purpose, terms, contact, state, applicant_id,
        approvals_needed, created_at, code_id
        """

    package func insert(_ application: Application) throws {
        try run(
            "INSERT INTO applications (\(Self.applicationColumns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            [
                SQLValue(application.id), SQLValue(application.institutionID), .text(application.policyName),
                SQLValue(application.policyVersion), SQLValue(application.quantity),
                SQLValue(application.purpose), .text(application.terms.canonicalText),
                SQLValue(application.contact), .text(application.state.rawValue),
                SQLValue(application.applicantID), SQLValue(application.approvalsNeeded),
                SQLValue(application.createdAt), SQLValue(application.codeID),
            ])
    }

    package func application(id: UUID) throws -> Application? {
        try rows("SELECT \(Self.applicationColumns) FROM applications WHERE id = ?", [SQLValue(id)])
            .first.map(application)
    }

    package func applications(
        state: Application.State?, after cursor: String, limit: Int
    ) throws -> [Application] {
        try rows(
            """
            SELECT \(Self.applicationColumns) FROM applications WHERE id > ? AND (? IS NULL OR state = ?)
            ORDER BY id LIMIT ?
            """,
            [.text(cursor), SQLValue(state?.rawValue), SQLValue(state?.rawValue), SQLValue(limit)]
        ).map(application)
    }

    package func insert(_ approval: Application.Approval, of application: UUID) throws {
        try run(
            """
            INSERT INTO approvals (application_id, operator_id, decision, comment, decided_at)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                SQLValue(application), SQLValue(approval.operatorID), .text(approval.decision.rawValue),
                SQLValue(approval.comment), SQLValue(approval.at),
            ])
    }

    package func setState(_ state: Application.State, codeID: UUID? = nil, of application: UUID) throws {
        try run(
            "UPDATE applications SET state = ?, code_id = coalesce(?, code_id) WHERE id = ?",
            [.text(state.rawValue), SQLValue(codeID), SQLValue(application)])
    }

    /// What was decided about an application, in its order.
    package func approvals(ofApplication id: UUID) throws -> [Application.Approval] {
        try rows(
            """
            SELECT operator_id, decision, comment, decided_at FROM approvals WHERE application_id = ?
            ORDER BY decided_at, operator_id
            """, [SQLValue(id)]
        ).map {
            Application.Approval(
                operatorID: try $0.uuid(0), decision: .init(rawValue: try $0.text(1)) ?? .reject,
                comment: try $0.optionalBlob(2), at: try $0.date(3))
        }
    }

    private func application(_ row: SQLRow) throws -> Application {
        guard let state = Application.State(rawValue: try row.text(8)) else {
            throw StorageError.corrupt("application")
        }
        let id = try row.uuid(0)
        return Application(
            id: id, institutionID: try row.uuid(1), policyName: try row.text(2),
            policyVersion: try row.integer(3), quantity: try row.integer(4), purpose: try row.optionalBlob(5),
            terms: try JSON(parsing: Array(try row.text(6).utf8)), contact: try row.optionalBlob(7),
            state: state, applicantID: try row.uuid(9), approvalsNeeded: try row.integer(10),
            approvals: try approvals(ofApplication: id), createdAt: try row.date(11),
            codeID: try row.optionalUUID(12))
    }
}
