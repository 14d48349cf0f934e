import Foundation
import InsurancePlatform

/// A row of `settlement` before it is booked.
struct SettlementBooking {
    var msgid: String
    var infno: String
    var institution: String
    var visit: Int64
    var person: String
    var insutype: String
    var clrType: String
    var clrOptins: String
    var day: String
    var sum: SettlementSum
    /// The settlement that this one takes back, with the sign turned.
    var refundOf: Int64?
}

extension LedgerTransaction {
    /// The new row's number.
    func book(_ booking: SettlementBooking) throws -> Int64 {
        let sign: Int64 = booking.refundOf == nil ? 1 : -1
        let sum = booking.sum
        let amounts = [
            sum.medfee, sum.own, sum.overLimit, sum.selfpay, sum.inScope, sum.pool, sum.civilServant,
            sum.fund, sum.personPart, sum.account, sum.cash,
        ].map { $0.cents.map { $0 * sign } }
        try run(
            """
            INSERT INTO settlement (msgid, infno, institution, visit, psn_no, insutype, clr_type, clr_optins,
                day, refund_of, info, medfee, own, over_limit, selfpay, in_scope, pool, civil_servant, fund,
                person_part, account, cash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                booking.msgid, booking.infno, booking.institution, booking.visit, booking.person,
                booking.insutype, booking.clrType, booking.clrOptins, booking.day, booking.refundOf, Data(),
            ] + amounts)
        return lastID
    }
}
