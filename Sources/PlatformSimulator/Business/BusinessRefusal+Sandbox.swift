import InsurancePlatform

/// The infcodes of the sandbox; docs/formats/sandbox.md lists them.
extension BusinessRefusal {
    static func field(_ error: FsiError) -> BusinessRefusal {
        BusinessRefusal(infcode: 1001, message: "字段不合规 \(error.sentence)")
    }
    static func unknownTransaction(_ infno: String) -> BusinessRefusal {
        BusinessRefusal(infcode: 1002, message: "交易编号不支持：\(infno)")
    }
    static let wrongAddress = BusinessRefusal(infcode: 1003, message: "请求地址与交易编号不符")
    static let unknownInstitution = BusinessRefusal(infcode: 1004, message: "定点医药机构编号未登记")
    static let reusedMessage = BusinessRefusal(infcode: 1005, message: "msgid 已被另一笔内容不同的请求使用")
    static let unknownSigning = BusinessRefusal(infcode: 1006, message: "签到编号无效，请先签到（9001）")
    static let unknownPerson = BusinessRefusal(infcode: 1101, message: "未找到参保人员")
    static let notInsured = BusinessRefusal(infcode: 1102, message: "参保人员没有该险种的有效参保")
    static let wrongPlace = BusinessRefusal(infcode: 1103, message: "insuplc_admdvs 与参保地不符")
    static let unknownVisit = BusinessRefusal(infcode: 2001, message: "就诊登记不存在或已撤销")
    static let visitHasSettlements = BusinessRefusal(infcode: 2002, message: "就诊已有结算，不能撤销")
    static func feeNumberUsed(_ row: Int) -> BusinessRefusal {
        BusinessRefusal(infcode: 2003, message: "第 \(row) 行费用明细流水号（feedetl_sn）在本次就诊内重复")
    }
    static func feeAmount(_ row: Int) -> BusinessRefusal {
        BusinessRefusal(infcode: 2004, message: "第 \(row) 行金额与数量×单价相差超过一分")
    }
    static let feesSettled = BusinessRefusal(infcode: 2005, message: "没有可撤销的未结算费用")
    static let nothingToSettle = BusinessRefusal(infcode: 2006, message: "没有未结算的费用")
    static let wrongTotal = BusinessRefusal(infcode: 2007, message: "medfee_sumamt 与费用明细合计不符")
    static func wrongPart(_ field: String) -> BusinessRefusal {
        BusinessRefusal(infcode: 2008, message: "\(field) 与预结算结果不符")
    }
    static let unknownSettlement = BusinessRefusal(infcode: 2009, message: "结算记录不存在")
    static let alreadyRefunded = BusinessRefusal(infcode: 2010, message: "该结算已退费")
    static let wrongVisitKind = BusinessRefusal(infcode: 2011, message: "就诊类别与交易不符（门诊/住院）")
    static let accountTooLow = BusinessRefusal(infcode: 2012, message: "个人账户余额不足")
    static let notReversible = BusinessRefusal(infcode: 2601, message: "该交易不可冲正")
    static let unknownOriginal = BusinessRefusal(infcode: 2602, message: "未找到原交易")
    static let alreadyReversed = BusinessRefusal(infcode: 2603, message: "原交易已冲正")
    static let reversalPrevented = BusinessRefusal(infcode: 2604, message: "原交易之后已有相关业务，不能冲正")
    static func statement(_ field: String) -> BusinessRefusal {
        BusinessRefusal(infcode: 3201, message: "\(field) 应为 yyyy-MM-dd，且止期不早于起期")
    }
    static let unknownFile = BusinessRefusal(infcode: 9101, message: "文件不存在或已过期")
    static func unreadableFile(_ error: FsiError) -> BusinessRefusal {
        BusinessRefusal(infcode: 9102, message: "文件无法解析：\(error.sentence)")
    }
}
