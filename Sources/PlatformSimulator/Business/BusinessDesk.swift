import Foundation
import GRDB
import InsurancePlatform

/// Carries transactions out on the books: what one asks, one transaction does.
struct BusinessDesk: Sendable {
    private typealias Work = @Sendable (LedgerTransaction, BusinessCall) throws -> ExactJSON

    let institution: SandboxInstitution

    /// Those that only look.
    private static let queries: [String: Work] = [
        "1101": { try $0.answer(PersonQuery.self, $1, $0.person) },
        "1312": { try $0.answer(CatalogueQuery.self, $1, $0.catalogue) },
        "2206": { try $0.answer(PreSettlement.self, $1, $0.preSettle) },
        "5203": { try $0.settlements(of: $1) },
        "9102": { try $0.answer(FileDownload.self, $1, $0.download) },
        "3201": { try $0.answer(StatementTotal.self, $1, $0.compareTotals) },
    ]

    /// Those that write. The first answer to a msgid is kept and answers every repetition.
    private static let writings: [String: Work] = [
        "2201": { try $0.answer(Registration.self, $1, $0.register) },
        "2202": { try $0.answer(RegistrationCancel.self, $1, $0.cancelVisit) },
        "2203": { try $0.answer(VisitUpload.self, $1, $0.describeVisit) },
        "2204": { try $0.answer(FeeUpload.self, $1, $0.upload) },
        "2205": { try $0.answer(FeeCancel.self, $1, $0.cancelFees) },
        "2207": { try $0.answer(Settlement.self, $1) { try $0.settle($1.request, $2, inpatient: false) } },
        "2208": { try $0.answer(SettlementCancel.self, $1) { try $0.refund($1, $2, inpatient: false) } },
        "2304": {
            try $0.answer(InpatientSettlement.self, $1) { try $0.settle($1.request, $2, inpatient: true) }
        },
        "2305": { try $0.answer(SettlementCancel.self, $1) { try $0.refund($1, $2, inpatient: true) } },
        "2401": { try $0.answer(InpatientRegistration.self, $1, $0.admit) },
        "2601": { try $0.answer(Reversal.self, $1, $0.reverse) },
        "3202": { try $0.compareRows($1) },
        "9001": { try $0.answer(SignIn.self, $1, $0.signIn) },
        "9002": { try $0.answer(SignOut.self, $1, $0.signOut) },
        "9101": { try $0.answer(FileUpload.self, $1, $0.upload) },
    ]

    static func knows(_ infno: String) -> Bool { queries[base(infno)] != nil || writings[base(infno)] != nil }

    /// `2207A` is carried out as `2207`.
    static func base(_ infno: String) -> String { String(infno.prefix(4)) }

    /// The output node.
    ///
    /// - Throws: `BusinessRefusal`; anything else is the sandbox's own failure.
    func carryOut(_ call: BusinessCall, _ ledger: Ledger) async throws -> ExactJSON {
        guard call.institution == institution.code else { throw BusinessRefusal.unknownInstitution }
        let infno = Self.base(call.infno)
        if let work = Self.queries[infno] {
            return try await ledger.read { transaction in
                try transaction.checkSigning(call)
                return try work(transaction, call)
            }
        }
        guard let work = Self.writings[infno] else {
            throw BusinessRefusal.unknownTransaction(call.infno)
        }
        return try await ledger.write { transaction in
            if let known = try transaction.firstAnswer(to: call) { return known }
            try transaction.checkSigning(call)
            let output = try work(transaction, call)
            try transaction.remember(output, of: call)
            return output
        }
    }
}

extension LedgerTransaction {
    /// Reads the transaction, does its work and writes its answer.
    func answer<Transaction: PlatformTransaction>(
        _ type: Transaction.Type, _ call: BusinessCall,
        _ work: (Transaction, BusinessCall) throws -> Transaction.Answer
    ) throws -> ExactJSON {
        try work(read(type, call), call).output
    }

    func answer<Transaction: PlatformTransaction>(
        _ type: Transaction.Type, _ call: BusinessCall,
        _ work: (LedgerTransaction, Transaction, BusinessCall) throws -> Transaction.Answer
    ) throws -> ExactJSON {
        try work(self, read(type, call), call).output
    }

    private func read<Transaction: PlatformTransaction>(
        _ type: Transaction.Type, _ call: BusinessCall
    ) throws -> Transaction {
        do { return try Transaction(input: call.request.input) } catch { throw BusinessRefusal.field(error) }
    }

    /// What this msgid was answered before; nil the first time.
    fileprivate func firstAnswer(to call: BusinessCall) throws -> ExactJSON? {
        guard
            let row = try first(
                "SELECT infno, digest, output FROM message WHERE msgid = ?", [call.request.msgid])
        else { return nil }
        guard row["digest"] == Data(call.digest) else { throw BusinessRefusal.reusedMessage }
        let output: Data = row["output"]
        return try ExactJSON(parsing: Array(output), limits: FsiRequest.limits)
    }

    fileprivate func remember(_ output: ExactJSON, of call: BusinessCall) throws {
        try run(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)",
            [
                call.request.msgid, BusinessDesk.base(call.infno), call.institution, Data(call.digest),
                Data(output.text()), call.received,
            ])
    }

    /// A `sign_no` that is given must be one of 9001; none is fine.
    fileprivate func checkSigning(_ call: BusinessCall) throws {
        guard !call.request.signNo.isEmpty else { return }
        let known = try first("SELECT 1 FROM signing WHERE number = ? AND is_open", [call.request.signNo])
        guard known != nil else { throw BusinessRefusal.unknownSigning }
    }
}
