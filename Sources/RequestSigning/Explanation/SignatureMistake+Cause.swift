extension SignatureMistake {
    /// What went wrong, in a sentence or two.
    public var cause: BilingualText {
        switch self {
        case .slowClock:
            BilingualText(
                "客户端时钟比服务器慢，时间戳已超出允许的窗口。",
                "The client's clock is behind the server's, so its timestamp lies before the window.")
        case .fastClock:
            BilingualText(
                "客户端时钟比服务器快，时间戳超出允许的窗口。",
                "The client's clock is ahead of the server's, so its timestamp lies beyond the window.")
        case .milliseconds:
            BilingualText(
                "时间戳的单位不对：该用秒时用了毫秒，或者相反。",
                "The timestamp has the wrong unit: milliseconds where seconds are due, or the reverse.")
        case .unreadableTime:
            BilingualText("时间戳缺失，或不是十进制数字。", "The timestamp is missing or isn't a decimal number.")
        case .windowEdge:
            BilingualText(
                "时间戳恰好落在窗口边界上；边界算在窗口之内，请求被接受。",
                "The timestamp lies exactly on the window's edge; the edge belongs to the window, so it is "
                    + "accepted."
            )
        case .queued:
            BilingualText(
                "请求签名之后排队太久才发出，到达时时间戳已过期。",
                "The request was signed, then waited too long before it was sent: its timestamp aged on the "
                    + "way."
            )
        case .replayedNonce:
            BilingualText(
                "同一密钥在窗口内第二次使用了这个 nonce（例如重试时没有重新签名）。",
                "The key used this nonce before, within the window (a retry that wasn't signed afresh, say).")
        case .badNonce:
            BilingualText(
                "nonce 缺失、太短、太长，或含有规定之外的字符。",
                "The nonce is missing, too short, too long, or holds characters outside the stated alphabet.")
        case .nonceUsedElsewhere:
            BilingualText(
                "服务器重启之前或另一个副本已经见过这个 nonce，或者无法排除见过。",
                "The nonce was used before a restart or at another replica, or that can't be ruled out.")
        case .decodedNonce:
            BilingualText(
                "nonce 在途中被中间设备做了 URL 编码或解码（+ 变空格、%20 等），到达时已不是签名时的样子。",
                "A box on the way URL-decoded or encoded the nonce (+ into a space, %20 …): what arrived isn't "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "what "
                    + "was signed.")
        default: causeOfText
        }
    }

    private var causeOfText: BilingualText {
        switch self {
        case .surroundingSpace:
            BilingualText(
                "字段值首尾的空白：一方去掉了，另一方没有，或者两方对“空白”的定义不同。",
                "White space around a value: one side took it off and the other didn't, or they count different "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "characters as white space.")
        case .emptyValues:
            BilingualText(
                "空字符串、null 与缺失的字段被当成了一回事：签名时与发送时不一致。",
                "Empty text, null and a missing field were taken for the same: signed one way, sent another.")
        case .fieldNames:
            BilingualText(
                "字段名风格不一致：签名时用一种（如 cardNo），规范要求另一种（card_no），或两种写法同时出现。",
                "Field names in another style were signed (cardNo) than the profile wants (card_no), or both "
                    + "spellings were sent.")
        case .numberText:
            BilingualText(
                "数字的写法不同：1、1.0、1e2、100.00 数值可以相等，文本却不同。",
                "The same number was written another way: 1, 1.0, 1e2 and 100.00 differ as text.")
        case .textEncoding:
            BilingualText(
                "文本编码不同：\\u 转义、Unicode 规范形式（NFC/NFD）、GBK 或 BOM。",
                "The text was encoded another way: \\u escapes, Unicode normal form (NFC/NFD), GBK or a BOM.")
        case .memberOrder:
            BilingualText(
                "键的顺序不对（未排序、忽略大小写排序、只排外层），或对象里有重复的键。",
                "The keys stand in another order (unsorted, sorted without regard to case, outermost level only), "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "or "
                    + "one occurs twice.")
        case .versionKeyOrEncoding:
            BilingualText(
                "签名本身可能正确，但版本、密钥、用户标识或编码（DER 与 r‖s、十六进制、base64url）不对。",
                "The signature may be right, but under another version, key, user id or encoding (DER against r‖s, "
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + ""
                    + "hex, base64url).")
        case .otherText:
            BilingualText(
                "签名的不是规定的文本（多了空格、直接签了原始正文、分隔符或拼接顺序不同等）。",
                "Some other text was signed (spaces in the JSON, the raw body, other separators or another "
                    + "order)."
            )
        case .changedMessage:
            BilingualText(
                "签名之后消息被改动，或签名用的内容与发送的不同。",
                "The message was changed after it was signed, or what was signed isn't what was sent.")
        case .missingPart:
            BilingualText("缺少签名、密钥编号或版本等必需的部分。", "A signature, key id, version or other part is missing.")
        default:
            BilingualText("正文不是可以签名的 JSON 对象。", "The body is no JSON object that could be signed.")
        }
    }
}
