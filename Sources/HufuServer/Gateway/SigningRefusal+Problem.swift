import AuditLog
import RequestSigning
import Storage

extension SigningRefusal {
    /// The one mapping of signature refusals to HTTP: who it is and when, 401; what the body is, 400.
    var status: Int {
        switch code {
        case .bodyTooLarge: 413
        case .nonceWindowFull: 429
        case .bothSpellings, .byteOrderMark, .duplicateKey, .envelopeMalformed, .invalidJSON, .invalidQuery,
            .invalidUTF8, .loneSurrogate, .notAnObject, .numberOutOfRange, .tooDeep, .keyMalformed:
            400
        default: 401
        }
    }

    var asProblem: Problem {
        let cure = code.cure
        let detail = detail.isEmpty ? nil : detail
        var problem = Problem(
            status: status, code: code.rawValue, title: "The call is not admitted", detail: detail,
            members: [
                "reason": .string(code.rawValue),
                "checks": [
                    Problem.check(
                        code.rawValue, detail, cure: cure.english, cureInChinese: cure.chinese)
                ],
            ])
        if status == 401 { problem.headers = [("WWW-Authenticate", "Signature")] }
        if status == 429 { problem.headers = [("Retry-After", "5")] }
        return problem
    }
}

extension SigningRefusal.Code {
    /// What would cure it, a sentence each; `hufu doctor signature` says more.
    fileprivate var cure: (english: String, chinese: String) {
        switch self {
        case .timestampTooOld, .timestampInFuture:
            (
                "Set the clock by NTP, and sign as the request is sent.",
                "请用 NTP 校准时钟，并在发送请求时再签名。"
            )
        case .timestampInMilliseconds: ("Send unix seconds: 10 digits.", "请发送以秒为单位的 Unix 时间（10 位）。")
        case .timestampInSeconds: ("Send unix milliseconds: 13 digits.", "请发送以毫秒为单位的 Unix 时间（13 位）。")
        case .timestampMissing, .timestampNotANumber, .timestampMalformed:
            ("Send the time in the form that the version asks for.", "请按签名版本要求的格式发送时间。")
        case .nonceMissing, .nonceMalformed:
            (
                "Send a fresh random nonce of 16 to 64 letters, digits, - and _.",
                "请发送新的随机 nonce：16 至 64 个字母、数字、- 或 _。"
            )
        case .nonceReplayed:
            (
                "Sign afresh with a new time and nonce; by csb, which has none, with milliseconds or a "
                    + "parameter that differs.",
                "请用新的时间和 nonce 重新签名；csb 没有 nonce，请用毫秒时间戳，或加一个每次不同的参数。"
            )
        case .retryWithNewTimestamp, .nonceWindowFull:
            ("Sign afresh with a new time and nonce.", "请用新的时间和 nonce 重新签名。")
        case .unknownKey, .keyIDMissing, .keyIDMalformed, .keyNotForProfile:
            (
                "Name a key that the device registered for this version and that still holds.",
                "请使用该设备为此签名版本登记且仍有效的密钥编号。"
            )
        case .unknownVersion: ("Name one of the known versions.", "请使用已支持的签名版本。")
        case .signatureMissing, .signatureMalformed, .signatureMismatch:
            (
                "Compare your signed text step by step: hufu doctor signature.",
                "请用 hufu doctor signature 逐步比对签名文本。"
            )
        default: ("Send the request in the form of its version.", "请按所用签名版本的格式发送请求。")
        }
    }
}
