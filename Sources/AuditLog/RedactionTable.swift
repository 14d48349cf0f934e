/// Which keys hold what. Keys are compared without case, `_`, `-`, `.` and spaces.
struct RedactionTable: Sendable {
    private let rules: [String: RedactionRule]
    private let secretEndings: [String]
    /// Secret as a key of a value, but an everyday word in free text.
    private let quietWords: Set<String>

    static let standard = RedactionTable(
        keys: [
            .secret: [
                "password", "passwd", "pwd", "passphrase", "passcode", "pin", "secret", "token", "bearer",
                "jwt",
                "authorization", "proxy_authorization", "cookie", "set_cookie", "api_key", "private_key",
                "signing_key", "encryption_key", "master_key", "credential", "credentials", "session_id",
                "otp",
                "totp", "salt", "code", "codes", "activation_code", "activation_codes", "license_key",
                "密码", "口令", "密钥", "私钥", "令牌", "激活码", "验证码", "授权码",
            ],
            .phone: [
                "phone", "phone_number", "mobile", "mobile_phone", "mobile_number", "tel", "telephone",
                "contact_phone", "cellphone", "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话",
            ],
            .email: ["email", "e_mail", "email_address", "mail", "contact_email", "邮箱", "电子邮箱", "电子邮件"],
            .identity: [
                "id_card", "id_card_no", "id_card_number", "identity_card", "identity_card_number",
                "id_number",
                "certno", "cert_no", "psn_cert_no", "psncertno", "passport", "passport_number", "身份证", "身份证号",
                "身份证号码", "证件号", "证件号码", "护照号",
            ],
            .personName: [
                "psn_name", "patient_name", "person_name", "real_name", "full_name", "holder_name",
                "contact_name",
                "姓名", "患者姓名", "联系人",
            ],
            .userAgent: ["user_agent", "ua"],
        ],
        secretEndings: [
            "password", "passphrase", "secret", "token", "privatekey", "apikey", "密码", "令牌", "密钥",
        ],
        quietWords: ["code", "codes", "pin", "salt", "bearer"])

    init(keys: [RedactionRule: [String]], secretEndings: [String], quietWords: Set<String>) {
        var rules: [String: RedactionRule] = [:]
        for (rule, keys) in keys {
            for key in keys { rules[RedactionTable.plain(key)] = rule }
        }
        self.rules = rules
        self.secretEndings = secretEndings
        self.quietWords = quietWords
    }

    func rule(forKey key: String) -> RedactionRule? {
        let key = RedactionTable.plain(key)
        if let rule = rules[key] { return rule }
        return secretEndings.contains { key.hasSuffix($0) } ? .secret : nil
    }

    /// Whether what follows this word and `=` or `:` in free text is a secret.
    func isSecretWord(_ word: String) -> Bool {
        !quietWords.contains(RedactionTable.plain(word)) && rule(forKey: word) == .secret
    }

    private static func plain(_ key: String) -> String {
        String(key.lowercased().filter { $0 != "_" && $0 != "-" && $0 != "." && $0 != " " })
    }
}
