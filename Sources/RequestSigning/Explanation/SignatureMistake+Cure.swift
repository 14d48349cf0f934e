extension SignatureMistake {
    /// What to do about it.
    public var cure: BilingualText {
        switch self {
        case .slowClock, .fastClock:
            BilingualText(
                "用 NTP 校准客户端时钟，或按服务器响应的 Date 头修正偏差。",
                "Set the client's clock by NTP, or correct it by the Date field of the server's answers.")
        case .milliseconds:
            BilingualText(
                "按规范的单位填写时间戳：秒为 10 位，毫秒为 13 位；签名文本与请求头用同一个值。",
                "Send the unit the profile states (seconds have 10 digits, milliseconds 13), the same in the "
                    + "signed "
                    + "text and in the field.")
        case .unreadableTime:
            BilingualText(
                "以十进制数字填写 unix 时间戳，不带引号、小数、空格或时区。",
                "Send the unix time in decimal digits, without quotes, fraction, space or zone.")
        case .windowEdge:
            BilingualText("无需处理；最好仍校准时钟。", "Nothing to do; setting the clock wouldn't hurt.")
        case .queued:
            BilingualText(
                "在真正发送前的最后一步签名，排队或重试时重新签名；客户端总超时要短于窗口。",
                "Sign in the last step before the socket, sign again after waiting or for a retry, and keep the "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "client's deadline shorter than the window.")
        case .replayedNonce:
            BilingualText(
                "每次发送（包括重试）都生成新的 nonce 和时间戳并重新签名。csb 没有 nonce，同一签名只能用一次：时间戳用毫秒，"
                    + "或加一个每次不同的参数。",
                "Draw a new nonce, take a new time and sign again for every sending, retries too. csb has no "
                    + "nonce, and a signature is good once: send milliseconds, or a parameter that differs.")
        case .badNonce:
            BilingualText(
                "用安全随机数生成 16–64 个字符，只用 A–Z a–z 0–9 - _；推荐 24 个。",
                "Draw 16–64 characters of A–Z a–z 0–9 - _ from a secure random generator; 24 are fine.")
        case .nonceUsedElsewhere:
            BilingualText(
                "用新的时间戳和 nonce 重新签名再发；不要跨副本重放同一请求。",
                "Sign again with a new time and nonce and send that; don't play one request to several "
                    + "replicas."
            )
        case .decodedNonce:
            BilingualText(
                "nonce 只用 A–Z a–z 0–9 - _（URL 编码不会改变它们），并让中间设备原样转发请求头。",
                "Use A–Z a–z 0–9 - _ alone, which URL coding leaves as they are, and have the box pass fields on "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "untouched.")
        default: cureOfText
        }
    }

    private var cureOfText: BilingualText {
        switch self {
        case .surroundingSpace:
            BilingualText(
                "签名前按规范处理首尾空白（v3.x 与 gm：去掉顶层字符串首尾的空白，含全角空格），或干脆发送无空白的值。",
                "Treat white space as the profile does before signing (v3.x and gm: off both ends of top-level "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "strings, the ideographic space too), or send values without any.")
        case .emptyValues:
            BilingualText(
                "发送什么就签什么：序列化一次，空值是否省略与规范一致。",
                "Sign exactly what is sent: serialize once, and leave empty values out only where the profile "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "does."
            )
        case .fieldNames:
            BilingualText(
                "签名前把字段名统一转换为 snake_case，请求里只用一种写法。",
                "Convert the names to snake_case before signing, and send one spelling alone.")
        case .numberText:
            BilingualText(
                "按规范的写法输出数字；金额等对写法敏感的值用字符串传递。",
                "Write numbers as the profile's canonical form does; carry money and the like as strings.")
        case .textEncoding:
            BilingualText(
                "正文一律用无 BOM 的 UTF-8，按规范转义，签名与发送用同一规范形式的文本。",
                "Send UTF-8 without a BOM, escape as the profile does, and sign text in the normal form that is "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "sent."
            )
        case .memberOrder:
            BilingualText(
                "每一层都按码点（区分大小写）排序键，不要重复键。",
                "Sort keys by code point at every level, with regard to case, and send no key twice.")
        case .versionKeyOrEncoding:
            BilingualText(
                "核对 X-Api-Version、X-Key-Id 与密钥是否成套，SM2 用户标识与站点配置一致，签名用规定的编码。",
                "Check that version, key id and key belong together, that the SM2 user id is the site's, and that "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "the signature is in the stated encoding.")
        case .otherText:
            BilingualText(
                "对照上面的规范文本逐字节比较自己签名的文本。",
                "Compare the text you signed with the canonical text above, byte by byte.")
        case .changedMessage:
            BilingualText(
                "先定稿再签名，签名后不要改动；检查代理是否改写正文或路径。",
                "Finish the message, then sign, then leave it alone; see whether a proxy rewrites body or "
                    + "path."
            )
        case .missingPart:
            BilingualText("补齐缺少的请求头或参数。", "Send the missing field or parameter.")
        default:
            BilingualText(
                "发送合法的 JSON 对象（RFC 8259），不超过大小和层数限制。",
                "Send a valid JSON object (RFC 8259) within the limits of size and depth.")
        }
    }
}
