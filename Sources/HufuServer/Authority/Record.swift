import ActivationCodes
import AuditLog
import Foundation
import Storage

/// What a use case adds to its audit entry while it decides. Only what is not personal: personal fields are
/// given before the transaction and stand in the entry as commitments.
package struct Record: Sendable {
    var subject: AuditEntry.Subject
    var applicationID: UUID?
    var serialNumber: String?
    var policyReferences: [String] = []
    var data: [String: JSON] = [:]

    init(subject kind: String) {
        subject = AuditEntry.Subject(kind: kind)
    }

    /// A code is the subject: its serial number, application and policies come with it.
    mutating func about(_ stored: StoredCode) {
        let code = stored.code
        subject = AuditEntry.Subject(kind: "code", id: code.id.lowercased)
        serialNumber = code.id.lowercased
        applicationID = stored.applicationID
        policyReferences = ["\(code.policyName)/\(code.policyVersion)"]
        if let reference = code.policyReference { policyReferences.append(reference) }
        data["index"] = JSON(code.index)
    }

    /// The same with the approvals that led to the code. They are one more read: what happens at every call, a
    /// validation or a use, does without.
    mutating func about(_ stored: StoredCode, approvedIn transaction: Transaction) throws {
        about(stored)
        note(try transaction.approvals(ofApplication: stored.applicationID))
    }

    mutating func about(_ application: Application) {
        subject = AuditEntry.Subject(kind: "application", id: application.id.lowercased)
        applicationID = application.id
        policyReferences = ["\(application.policyName)/\(application.policyVersion)"]
        note(application.approvals)
    }

    private mutating func note(_ approvals: [Application.Approval]) {
        data["approval_path"] = .array(
            approvals.map {
                .object(["operator_id": JSON($0.operatorID), "decision": .string($0.decision.rawValue)])
            })
    }
}
