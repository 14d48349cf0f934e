/// The platform carried the call out and said no: a business refusal, or its own system error (−1).
public struct BusinessRefusal: Error, Sendable, Hashable {
    public let infcode: Int
    /// `err_msg` as the platform wrote it; may hold personal values, so it is for the caller and for no log.
    public let message: String

    public init(infcode: Int, message: String) {
        self.infcode = infcode
        self.message = message
    }
}

extension Platform {
    /// Carries a typed transaction.
    ///
    /// - Throws: `PlatformFailure`; ``BusinessRefusal`` for an infcode other than 0. A successful answer whose
    ///   output isn't what the transaction has is `.unknown(.unreadableAnswer)`: it may have been carried out.
    public func carry<Transaction: PlatformTransaction>(
        _ transaction: Transaction, msgid: String, sender: PlatformCall.Sender, insuplcAdmdvs: String? = nil,
        signNo: String? = nil
    ) async throws -> Transaction.Answer {
        let call = PlatformCall(
            transaction, msgid: msgid, sender: sender, insuplcAdmdvs: insuplcAdmdvs, signNo: signNo)
        let answer = try await carry(call)
        return try answer.content(of: Transaction.self)
    }
}

extension PlatformCall {
    /// The call of a typed transaction.
    public init(
        _ transaction: some PlatformTransaction, msgid: String, sender: Sender, insuplcAdmdvs: String? = nil,
        signNo: String? = nil
    ) {
        self.init(
            infno: type(of: transaction).infno, msgid: msgid, sender: sender, insuplcAdmdvs: insuplcAdmdvs,
            signNo: signNo, input: transaction.input)
    }
}

extension PlatformAnswer {
    /// The typed answer of a transaction.
    ///
    /// - Throws: ``BusinessRefusal``, or `PlatformFailure.unknown(.unreadableAnswer)`.
    public func content<Transaction: PlatformTransaction>(
        of transaction: Transaction.Type
    ) throws -> Transaction.Answer {
        guard isSuccess else { throw BusinessRefusal(infcode: infcode, message: message ?? "") }
        do {
            return try Transaction.answer(from: output)
        } catch {
            throw PlatformFailure.unknown(.unreadableAnswer, detail: error.sentence)
        }
    }
}
