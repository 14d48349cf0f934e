/// Writes calls as fsi envelopes (section B of the wire formats; docs/formats/fsi.md).
public enum FsiEnvelope {
    /// The envelope's JSON, as every transport carries it.
    ///
    /// - Parameter now: unix milliseconds, for `inf_time`.
    /// - Throws: `.notSent(.badRequest)` that names the field which is absent or doesn't fit.
    public static func encode(
        _ call: PlatformCall, site: FsiSite, now: Int64
    ) throws(PlatformFailure) -> [UInt8] {
        do {
            return try object(call, site: site, now: now).text()
        } catch {
            throw .notSent(.badRequest, detail: error.sentence)
        }
    }

    /// Refuses a call that could not be written, with the field that is to blame, before anything is made of it.
    public static func check(_ call: PlatformCall, site: FsiSite) throws(FsiError) {
        _ = try object(call, site: site, now: 0)
    }

    private static func object(
        _ call: PlatformCall, site: FsiSite, now: Int64
    ) throws(FsiError) -> ExactJSON {
        try FsiField.checkInfno(call.infno)
        guard let msgid = MessageID(call.msgid), msgid.fixmedinsCode == site.fixmedinsCode else {
            throw FsiError(.malformedField, field: "msgid", "not an identifier of this institution")
        }
        let input = site.numbersAsStrings ? call.input.withNumbersAsStrings : call.input
        let text = input.text()
        let length =
            text.count <= site.inputLimit
            ? text.count : String(decoding: text, as: UTF8.self).unicodeScalars.count
        try FsiField.checkInput(
            input, infno: call.infno, insuplcAdmdvs: call.insuplcAdmdvs ?? "", length: length,
            limit: site.inputLimit)
        let values: [(FsiField, String)] = [
            (.infno, call.infno), (.msgid, call.msgid), (.mdtrtareaAdmvs, site.mdtrtareaAdmvs),
            (.insuplcAdmdvs, call.insuplcAdmdvs ?? ""), (.recerSysCode, site.recerSysCode),
            (.devNo, site.devNo), (.devSafeInfo, site.devSafeInfo), (.cainfo, ""),
            (.signtype, site.signtype), (.infver, site.infver), (.opterType, call.sender.kind),
            (.opter, call.sender.id), (.opterName, call.sender.name),
            (.infTime, ChinaTime.text(now, .text)), (.fixmedinsCode, site.fixmedinsCode),
            (.fixmedinsName, site.fixmedinsName), (.signNo, call.signNo ?? ""),
        ]
        var members: [String: ExactJSON] = ["input": input]
        for (field, value) in values {
            members[field.name] = .string(try field.value(.string(value)))
        }
        return .object(members)
    }
}
