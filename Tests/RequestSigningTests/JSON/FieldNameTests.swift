import RequestSigning
import Testing

@Suite struct FieldNameTests {
    @Test(
        "Both directions agree on ordinary names",
        arguments: [
            ("cardNo", "card_no"), ("psnNo", "psn_no"), ("mdtrtareaAdmvs", "mdtrtarea_admvs"),
            ("patientId", "patient_id"),
            ("medfeeSumamt", "medfee_sumamt"), ("userIdCard", "user_id_card"), ("sm2Key", "sm2_key"),
            ("icd10Code", "icd10_code"), ("aB", "a_b"), ("idUrl", "id_url"), ("addr2Line", "addr2_line"),
        ])
    func bothDirections(camel: String, snake: String) {
        #expect(FieldName.snakeCase(camel) == snake)
        #expect(FieldName.camelCase(snake) == camel)
    }

    @Test(
        "Capitals in a row are one word, unless acronyms make them up",
        arguments: [
            ("patientID", "patient_id"), ("userIDCard", "user_id_card"), ("baseURL", "base_url"),
            ("baseURLPath", "base_url_path"), ("mdtrtIDURL", "mdtrt_id_url"), ("cardIDNO", "card_id_no"),
            ("useHTTPSURL", "use_https_url"), ("userIDs", "user_ids"), ("allURLsSeen", "all_urls_seen"),
            ("isURLSafe", "is_url_safe"), ("mainICD10Code", "main_icd10_code"), ("useSM2Key", "use_sm2_key"),
            ("useOAuth2Token", "use_oauth2_token"), ("peerIPv4Address", "peer_ipv4_address"),
            ("peerIPv6", "peer_ipv6"), ("valueXYZ", "value_xyz"), ("valueXYZCode", "value_xyz_code"),
            ("valueAIDNo", "value_aid_no"), ("itemIs", "item_is"), ("nOTPs", "n_otps"), ("a1B2C", "a1_b2_c"),
            ("hisAPI2name", "his_api2name"), ("systemIPs2", "system_ips2"),
        ])
    func acronyms(camel: String, snake: String) {
        #expect(FieldName.snakeCase(camel) == snake)
        #expect(FieldName.camelCase(FieldName.snakeCase(camel)) != snake || camel == "a1B2C")
        #expect(FieldName.snakeCase(FieldName.camelCase(snake)) == snake)
    }

    @Test(
        "Every acronym is one word inside a name and at its end, in the plural, and beside another"
    )
    func acronymTable() {
        let table = [
            "API", "CA", "CPU", "CSB", "DIP", "DNS", "DRG", "EHR", "EMR", "EPC", "FSI", "HIS", "HTML", "HTTP",
            "HTTPS",
            "ICD", "ID", "IP", "JSON", "JWT", "LIS", "MAC", "NO", "OS", "OTP", "PACS", "PDF", "PIN", "QR",
            "RSA", "SDK",
            "SM", "SMS", "SN", "SOAP", "SQL", "SSL", "TCP", "TLS", "UDP", "UID", "URI", "URL", "UTC", "UUID",
            "XML",
            "OAuth", "IPv4", "IPv6",
        ]
        for entry in table {
            let word = entry.lowercased()
            let title = word.prefix(1).uppercased() + word.dropFirst()
            #expect(FieldName.snakeCase("the\(entry)") == "the_\(word)")
            #expect(FieldName.snakeCase("the\(entry)Code") == "the_\(word)_code")
            #expect(FieldName.snakeCase("the\(title)Code") == "the_\(word)_code")
            #expect(FieldName.camelCase("the_\(word)_code") == "the\(title)Code")
            if entry == entry.uppercased() {
                #expect(FieldName.snakeCase("the\(entry)s") == "the_\(word)s")
                #expect(FieldName.snakeCase("the\(entry)sOf") == "the_\(word)s_of")
                #expect(FieldName.snakeCase("the\(entry)URL") == "the_\(word)_url")
                #expect(FieldName.snakeCase("the\(entry)URLCode") == "the_\(word)_url_code")
            }
        }
    }

    @Test(
        "Other names stay as they are",
        arguments: [
            "", "a", "name", "card_no", "CardNo", "CARDNO", "CARD_NO", "_cardNo", "cardNo_", "card-No",
            "cardNO!", "card No",
            "姓名", "cardNoé", "2ndName", "_", "__", "a.bC",
        ])
    func untouched(name: String) {
        #expect(FieldName.snakeCase(name) == name)
    }

    @Test(
        "A snake_case name that couldn't be restored stays as it is",
        arguments: [
            "line_2", "a__b", "a_", "_a", "user_i_d", "a_b_c", "user_i_ds", "a_1b", "name", "A_b", "a_é",
            "x_o_auth",
        ])
    func irreversible(name: String) {
        #expect(FieldName.camelCase(name) == name)
    }

    @Test("Long runs of capitals are one word, and cost time in proportion", .timeLimit(.minutes(10)))
    func longRuns() {
        let run = String(repeating: "ID", count: 200_000)
        #expect(FieldName.snakeCase("a" + run) == "a_" + run.lowercased())
        #expect(FieldName.snakeCase("a" + run + "Code") == "a_" + run.lowercased() + "_code")
    }

    @Test("Converting twice is converting once, for any name of letters, digits and underscores")
    func idempotent() {
        var generator = SeededBytes(seed: 7)
        let alphabet = Array("abisvIDNOURLAuth12_")
        for _ in 0..<50_000 {
            let name = String(
                (0..<1 + generator.below(12)).map { _ in alphabet[generator.below(alphabet.count)] })
            let snake = FieldName.snakeCase(name)
            #expect(FieldName.snakeCase(snake) == snake)
            let camel = FieldName.camelCase(name)
            #expect(camel == name || FieldName.snakeCase(camel) == name)
        }
    }
}
