/// 2204: the fees of a visit, each priced by the platform in its answer.
public struct FeeUpload: PlatformTransaction {
    public static let infno = "2204"
    public var fees: [Fee]

    public init(fees: [Fee]) { self.fees = fees }
    public init(input: ExactJSON) throws(FsiError) {
        fees = try Fee.nodes(input["feedetail"], path: "input.feedetail")
        if fees.isEmpty { throw FsiError(.missingField, field: "input.feedetail", "at least one row is due") }
    }
    public var input: ExactJSON { ["feedetail": fees.nodes] }

    public struct Answer: TransactionAnswer {
        public var results: [PricedFee]

        public init(results: [PricedFee]) { self.results = results }
        public init(output: ExactJSON) throws(FsiError) {
            results = try PricedFee.nodes(output["result"], path: "output.result")
        }
        public var output: ExactJSON { ["result": results.nodes] }
    }

    /// A row of `feedetail`.
    public struct Fee: NodeFields {
        /// Unique within a visit.
        public var feedetlSn = ""
        public var mdtrtID = ""
        public var psnNo = ""
        public var chrgBchno = ""
        public var diseCodg = ""
        public var rxno = ""
        public var rxCircFlag = "0"
        public var feeOcurTime = ""
        public var medListCodg = ""
        public var medinsListCodg = ""
        public var detItemFeeSumamt = ExactDecimal.zero
        public var cnt = ExactDecimal.zero
        public var pric = ExactDecimal.zero

        public init() {}
        public init(
            feedetlSn: String, mdtrtID: String, psnNo: String, chrgBchno: String, feeOcurTime: String,
            medListCodg: String, medinsListCodg: String, cnt: ExactDecimal, pric: ExactDecimal,
            detItemFeeSumamt: ExactDecimal
        ) {
            self.feedetlSn = feedetlSn
            self.mdtrtID = mdtrtID
            self.psnNo = psnNo
            self.chrgBchno = chrgBchno
            self.feeOcurTime = feeOcurTime
            self.medListCodg = medListCodg
            self.medinsListCodg = medinsListCodg
            self.cnt = cnt
            self.pric = pric
            self.detItemFeeSumamt = detItemFeeSumamt
        }

        public static let fields: [NodeField<Fee>] = [
            .text("feedetl_sn", \.feedetlSn), .text("mdtrt_id", \.mdtrtID), .text("psn_no", \.psnNo),
            .text("chrg_bchno", \.chrgBchno), .optional("dise_codg", \.diseCodg), .optional("rxno", \.rxno),
            .optional("rx_circ_flag", \.rxCircFlag), .text("fee_ocur_time", \.feeOcurTime),
            .text("med_list_codg", \.medListCodg), .text("medins_list_codg", \.medinsListCodg),
            .number("det_item_fee_sumamt", \.detItemFeeSumamt), .number("cnt", \.cnt, .count),
            .number("pric", \.pric, .price),
        ]
    }

    /// A row of `result`.
    public struct PricedFee: NodeFields {
        public var feedetlSn = ""
        public var detItemFeeSumamt = ExactDecimal.zero
        public var cnt = ExactDecimal.zero
        public var pric = ExactDecimal.zero
        public var pricUplmtAmt = ExactDecimal.zero
        public var selfpayProp = ExactDecimal.zero
        public var fulamtOwnpayAmt = ExactDecimal.zero
        public var overlmtAmt = ExactDecimal.zero
        public var preselfpayAmt = ExactDecimal.zero
        public var inscpScpAmt = ExactDecimal.zero
        public var chrgitmLv = ""

        public init() {}
        public init(feedetlSn: String, detItemFeeSumamt: ExactDecimal, cnt: ExactDecimal, pric: ExactDecimal)
        {
            self.feedetlSn = feedetlSn
            self.detItemFeeSumamt = detItemFeeSumamt
            self.cnt = cnt
            self.pric = pric
        }

        public static let fields: [NodeField<PricedFee>] = [
            .text("feedetl_sn", \.feedetlSn), .number("det_item_fee_sumamt", \.detItemFeeSumamt),
            .orZero("cnt", \.cnt, .count), .orZero("pric", \.pric, .price),
            .orZero("pric_uplmt_amt", \.pricUplmtAmt, .price), .orZero("selfpay_prop", \.selfpayProp, .ratio),
            .orZero("fulamt_ownpay_amt", \.fulamtOwnpayAmt), .orZero("overlmt_amt", \.overlmtAmt),
            .orZero("preselfpay_amt", \.preselfpayAmt), .orZero("inscp_scp_amt", \.inscpScpAmt),
            .optional("chrgitm_lv", \.chrgitmLv),
        ]
    }
}
