import AuditLog
import Foundation
import InsurancePlatform

/// A money call on its way into the journal, its form checked.
struct SettlementRequestContext: Sendable {
    let call: PlatformCall
    let caller: Call
    let site: SettlementSite
    let institution: String
    let key: String?
    let digest: Data

    init(
        call: PlatformCall, caller: Call, site: SettlementSite, institution: String, key: String?,
        digest: Data
    ) throws {
        guard MoneyRules.isJournalled(call.infno) else {
            throw InputError.invalid(field: "infno", allowed: "a money call or 2601")
        }
        guard Self.isIdentifier(call.msgid, upTo: 64) else {
            throw InputError.invalid(field: "msgid", allowed: "up to 64 letters and digits")
        }
        if let key, !Self.isIdentifier(key, upTo: 128) {
            throw InputError.invalid(
                field: "Idempotency-Key", allowed: "up to 128 letters, digits, -, _, . and :")
        }
        self.call = call
        self.caller = caller
        self.site = site
        self.institution = institution
        self.key = key
        self.digest = digest
    }

    /// As entries name their subjects.
    private static func isIdentifier(_ text: String, upTo most: Int) -> Bool {
        (1...most).contains(text.utf8.count)
            && text.utf8.allSatisfy { symbol in
                switch symbol {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }

    /// An identifier that stands for something else is a mistake, never a call to carry out.
    func mustMatch(_ digest: Data, _ institution: String) throws {
        guard self.digest == digest, self.institution == institution else { throw Self.reused }
    }

    static let reused = Problem(
        status: 409, code: "msgid_reused", title: "The msgid stands for another call",
        detail: "a new call needs a new msgid; the same call must not be changed",
        members: ["field": "msgid"])
}
