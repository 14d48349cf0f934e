import ActivationCodes
import AuditLog
import Foundation
import Storage

/// A real database in a directory of its own, gone with the test.
final class TestStore: Sendable {
    let directory: String
    let store: Store
    private let isTemporary: Bool

    /// In a directory that exists, or in a temporary one.
    init(in directory: String? = nil) throws {
        isTemporary = directory == nil
        self.directory =
            directory
            ?? FileManager.default.temporaryDirectory.appendingPathComponent(
                "hufu-store-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: self.directory, withIntermediateDirectories: true)
        store = try Store(path: self.directory + "/hufu.db")
    }

    deinit {
        try? store.close()
        if isTemporary { try? FileManager.default.removeItem(atPath: directory) }
    }

    var path: String { directory + "/hufu.db" }

    static let moment = Date(unixMilliseconds: 1_800_000_000_000)
}

/// The rows that codes hang on: one institution, one policy, one application.
struct Foundations: Sendable {
    let institution: Institution
    let policy: Policy
    let application: Application

    init(quantity: Int = 1) throws {
        let institution = Institution(
            id: UUID(), name: "Institution \(UUID())", kind: .hospital, region: "310000",
            createdAt: TestStore.moment)
        guard let duration = ValidityPeriod("P90D"), let window = ValidityPeriod("72h") else {
            throw StorageError.constraint("periods that parse")
        }
        policy = try Policy(
            name: "policy-\(UUID().uuidString.lowercased())", duration: duration, activateWithin: window,
            usageLimit: 10,
            deviceLimit: 2, scopes: ["claim.read"])
        application = Application(
            id: UUID(), institutionID: institution.id, policyName: policy.name, policyVersion: 1,
            quantity: quantity,
            purpose: nil, terms: .object([:]), contact: nil, state: .approved, applicantID: UUID(),
            approvalsNeeded: 0, createdAt: TestStore.moment)
        self.institution = institution
    }

    func insert(_ transaction: Transaction) throws {
        try transaction.insert(institution)
        try transaction.insert(StoredPolicy(policy: policy, createdAt: TestStore.moment))
        try transaction.insert(application)
    }

    /// A pending code with the next dense index, changed by `change` before it is stored.
    @discardableResult
    func insertCode(
        _ transaction: Transaction, batch: UUID? = nil, change: (inout ActivationCode) -> Void = { _ in }
    ) throws -> StoredCode {
        var code = try ActivationCode(
            id: UUID(), index: transaction.nextCodeIndex(), policy: policy, issuedAt: TestStore.moment)
        change(&code)
        let stored = StoredCode(
            code: code, institutionID: institution.id, applicationID: application.id, batchID: batch)
        let lookup = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        try transaction.insert(stored, lookup: lookup, sealed: Data([1, 2, 3]))
        return stored
    }
}

struct Deliberate: Error {}

func entryKeys(_ event: String = "test.happened", subject: String? = nil) -> EntryKeys {
    EntryKeys(at: TestStore.moment, event: event, outcome: "success", subjectID: subject, applicationID: nil)
}
