/// Whether a transaction's input holds what the platform asks of it, for those whose required fields are known.
public enum KnownInput {
    /// A number with a letter behind it is a site's own, and isn't among them.
    private static let transactions: [String: any PlatformTransaction.Type] = [
        "1101": PersonQuery.self, "2201": Registration.self, "2202": RegistrationCancel.self,
        "2204": FeeUpload.self, "2206": PreSettlement.self, "2207": Settlement.self,
        "2208": SettlementCancel.self, "2304": InpatientSettlement.self, "2305": SettlementCancel.self,
        "2401": InpatientRegistration.self, "2601": Reversal.self, "3201": StatementTotal.self,
        "3202": StatementDetail.self, "9001": SignIn.self, "9002": SignOut.self,
    ]

    /// Fields that aren't known are left alone, and so is the input of any other transaction.
    ///
    /// - Throws: `missing_field`, `malformed_field` or `malformed_number`, with the field's path.
    public static func check(_ input: ExactJSON, of infno: String) throws(FsiError) {
        guard let transaction = transactions[infno] else { return }
        _ = try transaction.init(input: input)
    }
}
