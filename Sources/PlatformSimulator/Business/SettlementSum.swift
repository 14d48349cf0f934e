import InsurancePlatform

/// What a settlement comes to, by the sandbox's one rule: no deductible; of what is in scope the pool pays a
/// share fixed by the insurance; a civil servant's supplement pays half of what is left of it; the account pays
/// from the rest as far as it goes if the person wants it; cash is what remains. Rounded half up to cents.
struct SettlementSum: Sendable, Hashable {
    var medfee = ExactDecimal.zero
    var own = ExactDecimal.zero
    var overLimit = ExactDecimal.zero
    var selfpay = ExactDecimal.zero
    var inScope = ExactDecimal.zero
    var ratio = ExactDecimal.zero
    var pool = ExactDecimal.zero
    var civilServant = ExactDecimal.zero
    var account = ExactDecimal.zero

    var fund: ExactDecimal { pool + civilServant }
    var personPart: ExactDecimal { medfee - fund }
    var cash: ExactDecimal { personPart - account }

    private static let half = ExactDecimal(units: 5, scale: 1)

    /// The pool's share by insurance, in hundredths: 310 employees, 340 retired cadres, 390 residents.
    private static let ratios: [String: Int64] = ["310": 80, "340": 100, "390": 55]

    /// - Parameter balance: what the account may pay; nil where it isn't asked to.
    mutating func divide(insutype: String, isCivilServant: Bool, balance: ExactDecimal?) {
        ratio = ExactDecimal(units: Self.ratios[insutype] ?? 50, scale: 2)
        pool = inScope.multiplied(by: ratio, scale: 2)
        if isCivilServant { civilServant = (inScope - pool).multiplied(by: Self.half, scale: 2) }
        if let balance { account = max(.zero, min(balance, personPart)) }
    }
}
