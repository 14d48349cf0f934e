public import RequestSigning

/// An fsi envelope as the platform receives it.
public struct FsiRequest: Sendable, Hashable {
    public var infno: String
    public var msgid: String
    public var mdtrtareaAdmvs: String
    /// Empty where it isn't given.
    public var insuplcAdmdvs: String
    public var recerSysCode: String
    public var devNo: String
    public var devSafeInfo: String
    public var cainfo: String
    public var signtype: String
    public var infver: String
    public var opterType: String
    public var opter: String
    public var opterName: String
    /// Unix milliseconds.
    public var infTime: Int64
    public var fixmedinsCode: String
    public var fixmedinsName: String
    public var signNo: String
    public var input: ExactJSON

    /// 16 MiB, for files that travel in the input.
    public static let limits = JSONLimits(bytes: 16 << 20)

    /// Reads and checks an envelope.
    ///
    /// - Parameter inputLimit: the longest `input`, in characters of its JSON; 9101 is exempt.
    /// - Throws: `invalid_json`, or `missing_field`, `field_too_long`, `malformed_field` with the field's name.
    public init(
        parsing bytes: [UInt8], limits: JSONLimits = FsiRequest.limits, inputLimit: Int = 40_000
    ) throws(FsiError) {
        let envelope: ExactJSON
        do {
            envelope = try ExactJSON(parsing: bytes, limits: limits)
        } catch {
            throw FsiError(.invalidJSON, "the envelope isn't JSON: \(error.code.rawValue)")
        }
        guard case .object(let members) = envelope else {
            throw FsiError(.invalidJSON, "the envelope is a JSON object")
        }
        func value(_ field: FsiField) throws(FsiError) -> String { try field.value(members[field.name]) }
        infno = try value(.infno)
        try FsiField.checkInfno(infno)
        msgid = try value(.msgid)
        guard msgid.unicodeScalars.count == MessageID.length else {
            throw FsiError(.malformedField, field: "msgid", "30 characters are due")
        }
        mdtrtareaAdmvs = try value(.mdtrtareaAdmvs)
        insuplcAdmdvs = try value(.insuplcAdmdvs)
        recerSysCode = try value(.recerSysCode)
        devNo = try value(.devNo)
        devSafeInfo = try value(.devSafeInfo)
        cainfo = try value(.cainfo)
        signtype = try value(.signtype)
        infver = try value(.infver)
        opterType = try value(.opterType)
        opter = try value(.opter)
        opterName = try value(.opterName)
        guard let time = ChinaTime.milliseconds(try value(.infTime), .text) else {
            throw FsiError(.malformedField, field: "inf_time", "yyyy-MM-dd HH:mm:ss is due")
        }
        infTime = time
        fixmedinsCode = try value(.fixmedinsCode)
        fixmedinsName = try value(.fixmedinsName)
        signNo = try value(.signNo)
        guard let input = members["input"] else {
            throw FsiError(.missingField, field: "input", "the field is required")
        }
        let text = input.text()
        let isLong = text.count > inputLimit
        let length = isLong ? String(decoding: text, as: UTF8.self).unicodeScalars.count : text.count
        try FsiField.checkInput(
            input, infno: infno, insuplcAdmdvs: insuplcAdmdvs, length: length, limit: inputLimit)
        self.input = input.namingNodes
    }
}
