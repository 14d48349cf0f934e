/// A row of the sandbox's catalogue.
struct MadeUpItem: Sendable {
    var code: String
    var name: String
    /// 101 western medicine, 201 treatment, 301 material.
    var listType: String
    /// 01 covered, 02 covered in part, 03 not covered.
    var level: String
    /// Ten-thousandths that the person pays first.
    var selfpayRatio: Int64
    /// Millionths; what a unit costs above it, the person pays.
    var priceLimit: Int64?

    static let all: [MadeUpItem] = [
        MadeUpItem(code: "HFX0001", name: "阿莫西林胶囊（沙箱）", listType: "101", level: "01", selfpayRatio: 0),
        MadeUpItem(
            code: "HFX0002", name: "奥美拉唑肠溶胶囊（沙箱）", listType: "101", level: "02", selfpayRatio: 1000),
        MadeUpItem(
            code: "HFX0003", name: "限价注射液（沙箱）", listType: "101", level: "02", selfpayRatio: 2000,
            priceLimit: 12_345_600),
        MadeUpItem(code: "HFX0004", name: "自费保健品（沙箱）", listType: "101", level: "03", selfpayRatio: 10_000),
        MadeUpItem(code: "HFT0001", name: "普通门诊诊查费（沙箱）", listType: "201", level: "01", selfpayRatio: 0),
        MadeUpItem(code: "HFT0002", name: "血常规（沙箱）", listType: "201", level: "01", selfpayRatio: 0),
        MadeUpItem(code: "HFT0003", name: "磁共振平扫（沙箱）", listType: "201", level: "02", selfpayRatio: 1500),
        MadeUpItem(
            code: "HFM0001", name: "一次性导管（沙箱）", listType: "301", level: "02", selfpayRatio: 3000,
            priceLimit: 800_000_000),
    ]
}
