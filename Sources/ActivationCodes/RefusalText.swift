// What each refusal says to people. docs/formats/lifecycle.md lists the same codes with their meaning.
extension Refusal.Code {
    /// A short summary in English, without a full stop.
    public var title: String { text.title }

    /// What would cure it: one English sentence.
    public var cure: String { text.cure }

    /// What would cure it: one Chinese sentence.
    public var cureInChinese: String { text.cureInChinese }

    private typealias Text = (title: String, cure: String, cureInChinese: String)

    private var text: Text {
        switch self {
        case .notFound, .invalidCode, .conflict, .rateLimited: textAboutRequest
        case .approvalMissing, .selfApproval, .alreadyDecided, .rejected: textAboutApplication
        case .deviceMismatch, .deviceLimit, .bindingKeyMismatch, .deviceRevoked, .challengeInvalid,
            .proofInvalid:
            textAboutDevice
        default: textAboutCode
        }
    }

    private var textAboutCode: Text {
        switch self {
        case .expired:
            (
                "The code has expired", "Apply for a new code; an expired one can't be renewed.",
                "请重新申请激活码；已过期的激活码不能续期。"
            )
        case .notYetValid:
            ("The code is not valid yet", "Wait until the code's not_before.", "请在激活码生效后再试。")
        case .activationWindowPassed:
            (
                "The activation window has passed", "Apply for a new code and activate it within its window.",
                "请重新申请激活码，并在激活期限内完成激活。"
            )
        case .exhausted:
            (
                "The code's uses are spent", "Apply for a new code; devices already bound go on working.",
                "使用次数已用尽，请申请新的激活码；已绑定的设备可继续使用。"
            )
        case .revoked:
            (
                "The code was revoked", "Ask the issuer why, and apply for a new code.",
                "激活码已被吊销，请联系签发方了解原因并重新申请。"
            )
        case .suspended:
            ("The code is suspended", "Ask the issuer to resume the code.", "激活码已被暂停，请联系签发方恢复。")
        case .notSuspended:
            ("The code is not suspended", "Nothing needs resuming.", "激活码未被暂停，无需恢复。")
        case .notActivated:
            ("The code was never activated", "Activate the code first.", "请先激活该激活码。")
        case .addressNotAllowed:
            (
                "The address is not allowed", "Call from an address that the code allows.",
                "请从激活码允许的网络地址发起请求。"
            )
        case .scopeNotGranted:
            (
                "The code doesn't grant the scope",
                "Ask only for granted scopes, or apply for a code that grants them.",
                "请只请求已授予的权限，或申请包含所需权限的激活码。"
            )
        case .renewalsUsedUp:
            ("No renewals are left", "Apply for a new code before this one expires.", "续期次数已用完，请在到期前申请新的激活码。")
        default:
            (
                "The code's state doesn't permit this",
                "Read the code's state and take a step that it permits.",
                "请查看激活码当前状态，并执行该状态允许的操作。"
            )
        }
    }

    private var textAboutDevice: Text {
        switch self {
        case .deviceMismatch:
            (
                "The device is not the bound one", "Call from the bound machine, or bind this one.",
                "请在已绑定的设备上操作，或先绑定当前设备。"
            )
        case .deviceLimit:
            (
                "The code's devices are all taken",
                "Remove a bound device, or apply for a code with more devices.",
                "绑定设备数已达上限，请先解绑一台设备，或申请可绑定更多设备的激活码。"
            )
        case .bindingKeyMismatch:
            (
                "The code is for another key", "Bind with the key that was named when the code was issued.",
                "请使用签发时指定的密钥进行绑定。"
            )
        case .deviceRevoked:
            (
                "The device was revoked", "Bind the device again with a new key.",
                "该设备的绑定已被解除，请使用新密钥重新绑定。"
            )
        case .challengeInvalid:
            (
                "The challenge is unknown, used or too old", "Ask for a new challenge and sign it at once.",
                "挑战值无效或已过期，请重新获取并立即签名。"
            )
        default:
            (
                "The proof of possession doesn't verify",
                "Sign the challenge with the private key being bound.",
                "持有证明校验失败，请使用待绑定密钥的私钥对挑战值签名。"
            )
        }
    }

    private var textAboutApplication: Text {
        switch self {
        case .approvalMissing:
            (
                "Approvals are missing", "Have the application approved by enough operators.",
                "审批人数不足，请等待其他操作员完成审批。"
            )
        case .selfApproval:
            (
                "Nobody decides an application of their own", "Have another operator decide.",
                "申请人不能审批自己的申请，请由其他操作员审批。"
            )
        case .alreadyDecided:
            (
                "The application is already decided", "Read the application; make a new one if needed.",
                "该申请已有结论，或您已审批过；请查看申请状态，如有需要请重新提交。"
            )
        default:
            (
                "The application was rejected", "Read the reason given and make a new application.",
                "申请已被驳回，请查看原因后重新提交。"
            )
        }
    }

    private var textAboutRequest: Text {
        switch self {
        case .invalidCode:
            (
                "The text is not an activation code", "Type the code again: 28 letters and digits.",
                "激活码输入有误，请核对后重新输入 28 位激活码。"
            )
        case .rateLimited:
            (
                "Too many attempts", "Wait for the time that Retry-After names.",
                "请求过于频繁，请按 Retry-After 指定的时间稍后重试。"
            )
        case .conflict:
            ("It was changed meanwhile", "Read the current version and try again.", "数据已发生变化，请读取最新版本后重试。")
        default:
            ("There is no such thing", "Check what was entered.", "未找到，请检查输入内容。")
        }
    }
}
