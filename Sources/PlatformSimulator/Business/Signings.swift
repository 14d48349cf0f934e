import InsurancePlatform

/// 9001 and 9002.
extension LedgerTransaction {
    func signIn(_ query: SignIn, _ call: BusinessCall) throws -> SignIn.Answer {
        let number = try number("SELECT count(*) FROM signing") + 1
        let text = "SIGN" + ChinaTime.text(call.received, .compact) + "\(number)"
        try run("INSERT INTO signing (number, operator) VALUES (?, ?)", [text, query.opterNo])
        return SignIn.Answer(signTime: ChinaTime.text(call.received, .text), signNo: text)
    }

    func signOut(_ query: SignOut, _ call: BusinessCall) throws -> SignOut.Answer {
        try run(
            "UPDATE signing SET is_open = 0 WHERE number = ? AND operator = ? AND is_open",
            [query.signNo, query.opterNo])
        guard changes == 1 else { throw BusinessRefusal.unknownSigning }
        return SignOut.Answer(signTime: ChinaTime.text(call.received, .text))
    }
}
