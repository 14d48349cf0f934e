import ActivationCodes
package import AuditLog
package import Foundation
package import Storage

/// What an institution asks for.
package struct ApplicationRequest: Sendable {
    package var institutionID: UUID
    package var policyName: String
    package var quantity = 1
    package var purpose: String?
    /// name, phone, email: personal, so sealed; only masked forms are shown.
    package var contact: [String: JSON] = [:]
    /// As submitted; `Terms` reads it.
    package var terms: JSON = .object([:])

    package init(institutionID: UUID, policyName: String) {
        self.institutionID = institutionID
        self.policyName = policyName
    }
}

/// An application as operators see it: its sealed texts opened, what is personal in them masked.
package struct ApplicationView: Sendable {
    package var application: Application
    var maskedContact: JSON?
    var purpose: String?
    /// One for each approval, in their order.
    var comments: [String?]
}

extension Authority {
    package func submit(_ call: Call, _ request: ApplicationRequest) async throws -> ApplicationView {
        let applicant = try call.person()
        let id = try newID()
        let now = now()
        let contact =
            try request.contact.isEmpty
            ? nil : personal.seal(.object(request.contact), context: id.lowercased)
        let purpose = try request.purpose.map { try seal($0, "purpose", of: id) }
        var fields = Dictionary(uniqueKeysWithValues: request.contact.map { ("contact.\($0)", $1) })
        if let purpose = request.purpose { fields["purpose"] = .string(purpose) }
        return try await decide(
            call, "application.submitted", "submit", subject: "application", personal: fields, status: 201
        ) { transaction, record in
            guard try transaction.institution(id: request.institutionID) != nil else {
                throw InputError.invalid(field: "institution_id", allowed: "the id of an institution")
            }
            guard let policy = try transaction.policy(named: request.policyName)?.policy else {
                throw InputError.invalid(field: "policy", allowed: "the name of a policy")
            }
            // Refuse terms that could never be issued while the applicant is still there to mend them.
            do {
                _ = try ActivationCode(
                    id: id, index: 0, policy: policy, issuedAt: now,
                    terms: ActivationCode.Terms(document: request.terms))
            } catch let error as CodeFieldError {
                throw InputError.invalid(field: "terms.\(error.field)", allowed: error.allowed)
            }
            let application = Application(
                id: id, institutionID: request.institutionID, policyName: policy.name,
                policyVersion: policy.version, quantity: request.quantity, purpose: purpose,
                terms: request.terms, contact: contact, state: policy.approvals == 0 ? .approved : .submitted,
                applicantID: applicant, approvalsNeeded: policy.approvals, createdAt: now)
            try transaction.insert(application)
            record.about(application)
            record.data["institution_id"] = JSON(request.institutionID)
            record.data["quantity"] = JSON(request.quantity)
            record.data["approvals_needed"] = JSON(policy.approvals)
            return .success(try view(application))
        }
    }

    /// Approves or rejects. Dual control: never the applicant, and each operator once.
    package func decideApplication(
        _ call: Call, _ id: UUID, _ decision: Application.Approval.Decision, comment: String?
    ) async throws -> ApplicationView {
        let person = try call.person()
        let sealed = try comment.map { try seal($0, "comment", of: id) }
        let now = now()
        let (event, action) =
            decision == .approve ? ("application.approved", "approve") : ("application.rejected", "reject")
        return try await decide(
            call, event, action, subject: "application",
            personal: comment.map { ["comment": .string($0)] } ?? [:]
        ) { transaction, record in
            guard var application = try transaction.application(id: id) else {
                throw InputError.notFound("application")
            }
            record.about(application)
            if let refusal = Self.refusal(of: application, person) { return .failure(refusal) }
            let approval = Application.Approval(
                operatorID: person, decision: decision, comment: sealed, at: now)
            try transaction.insert(approval, of: id)
            application.approvals.append(approval)
            if decision == .reject {
                application.state = .rejected
            } else if application.approvals.count >= application.approvalsNeeded {
                application.state = .approved
            }
            try transaction.setState(application.state, of: id)
            record.about(application)
            record.data["state"] = .string(application.state.rawValue)
            return .success(try view(application))
        }
    }

    private static func refusal(of application: Application, _ person: UUID) -> Refusal? {
        var checks: [Refusal.Check] = []
        if application.state == .rejected {
            checks.append(.init(.rejected))
        } else if application.state != .submitted {
            checks.append(.init(.alreadyDecided))
        }
        if application.applicantID == person {
            checks.append(.init(.selfApproval))
        }
        if application.approvals.contains(where: { $0.operatorID == person }) {
            checks.append(.init(.alreadyDecided, detail: "this operator has decided already"))
        }
        return checks.isEmpty ? nil : Refusal(checks)
    }

    package func application(_ call: Call, _ id: UUID) async throws -> ApplicationView {
        guard let found = try await store.read({ try $0.application(id: id) }) else {
            throw InputError.notFound("application")
        }
        try await logReading(call, [found], "show")
        return try view(found)
    }

    package func applications(
        _ call: Call, _ page: Page, state: Application.State?
    ) async throws -> [ApplicationView] {
        let found = try await store.read {
            try $0.applications(state: state, after: page.cursor, limit: page.limit)
        }
        try await logReading(call, found, "list")
        return try found.map(view)
    }

    /// Reading personal data, masked as it is, is a decision as well.
    private func logReading(_ call: Call, _ applications: [Application], _ action: String) async throws {
        let count = applications.filter { $0.contact != nil || $0.purpose != nil }.count
        if count == 0 { return }
        _ = try await decide(call, "application.read", action, subject: "application") { _, record in
            if applications.count == 1 { record.about(applications[0]) }
            record.data["count"] = JSON(count)
            return .success(Done())
        }
    }

    /// With the contact in masked form: nobody needs the full one to decide.
    func view(_ application: Application) throws -> ApplicationView {
        let contact = try application.contact.map { sealed in
            PersonalVault.masked(
                try personal.open(sealed, context: application.id.lowercased).object ?? [:])
        }
        return ApplicationView(
            application: application, maskedContact: contact,
            purpose: try application.purpose.map { try open($0, "purpose", of: application.id) },
            comments: try application.approvals.map { approval in
                try approval.comment.map { try open($0, "comment", of: application.id) }
            })
    }

    private func seal(_ text: String, _ field: String, of application: UUID) throws -> Data {
        try personal.seal(.string(text), context: "\(application.lowercased) \(field)")
    }

    private func open(_ sealed: Data, _ field: String, of application: UUID) throws -> String {
        Redaction.standard.message(
            try personal.open(sealed, context: "\(application.lowercased) \(field)").string ?? "")
    }
}
