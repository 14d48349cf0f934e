/// A header field of the fsi envelope: its name, its longest value in characters, and whether it must be there.
struct FsiField: Sendable {
    let name: String
    let limit: Int
    let isRequired: Bool

    init(_ name: String, _ limit: Int, required: Bool = true) {
        self.name = name
        self.limit = limit
        isRequired = required
    }

    /// The value, if it is a text or number that fits; the empty text for an absent optional one.
    func value(_ json: ExactJSON?) throws(FsiError) -> String {
        let text: String
        switch json {
        case nil, .null: text = ""
        case .string(let string), .number(let string): text = string
        default: throw FsiError(.malformedField, field: name, "a text is due")
        }
        if text.isEmpty, isRequired { throw FsiError(.missingField, field: name, "the field is required") }
        if text.utf8.count > limit, text.unicodeScalars.count > limit {
            throw FsiError(.fieldTooLong, field: name, "at most \(limit) characters")
        }
        return text
    }

    static let infno = FsiField("infno", 8)
    static let msgid = FsiField("msgid", 30)
    static let mdtrtareaAdmvs = FsiField("mdtrtarea_admvs", 6)
    static let insuplcAdmdvs = FsiField("insuplc_admdvs", 6, required: false)
    static let recerSysCode = FsiField("recer_sys_code", 10)
    static let devNo = FsiField("dev_no", 100, required: false)
    static let devSafeInfo = FsiField("dev_safe_info", 2000, required: false)
    static let cainfo = FsiField("cainfo", 1024, required: false)
    static let signtype = FsiField("signtype", 10, required: false)
    static let infver = FsiField("infver", 6)
    static let opterType = FsiField("opter_type", 3)
    static let opter = FsiField("opter", 30)
    static let opterName = FsiField("opter_name", 50)
    static let infTime = FsiField("inf_time", 19)
    static let fixmedinsCode = FsiField("fixmedins_code", 12)
    static let fixmedinsName = FsiField("fixmedins_name", 20)
    static let signNo = FsiField("sign_no", 30, required: false)

    /// A transaction's number: four digits, and letters or digits behind them at some sites.
    static func checkInfno(_ infno: String) throws(FsiError) {
        guard (4...8).contains(infno.utf8.count), infno.utf8.allSatisfy(MessageID.isPlain) else {
            throw FsiError(.malformedField, field: "infno", "4 to 8 letters and digits")
        }
    }

    /// The input's own rules: an object, not too long, and with a `psn_no` in it the place of insurance known.
    static func checkInput(
        _ input: ExactJSON, infno: String, insuplcAdmdvs: String, length: Int, limit: Int
    ) throws(FsiError) {
        guard case .object = input else {
            throw FsiError(.malformedField, field: "input", "an object is due")
        }
        guard length <= limit || infno == "9101" else {
            throw FsiError(.fieldTooLong, field: "input", "at most \(limit) characters")
        }
        if insuplcAdmdvs.isEmpty, input.mentions("psn_no") {
            throw FsiError(.missingField, field: "insuplc_admdvs", "required once the input holds psn_no")
        }
    }
}
