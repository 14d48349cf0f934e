/// 1312: a page of the medical-insurance catalogue.
public struct CatalogueQuery: PlatformTransaction, NodeFields {
    public static let infno = "1312"
    public var hilistCode = ""
    public var hilistName = ""
    public var listType = ""
    public var insuAdmdvs = ""
    public var queryDate = ""
    public var updtTime = ""
    public var pageNum = 1
    public var pageSize = 100

    public init() {}
    public init(hilistCode: String = "", hilistName: String = "", pageNum: Int = 1, pageSize: Int = 100) {
        self.hilistCode = hilistCode
        self.hilistName = hilistName
        self.pageNum = pageNum
        self.pageSize = pageSize
    }

    public static let fields: [NodeField<CatalogueQuery>] = [
        .optional("hilist_code", \.hilistCode), .optional("hilist_name", \.hilistName),
        .optional("list_type", \.listType), .optional("insu_admdvs", \.insuAdmdvs),
        .optional("query_date", \.queryDate), .optional("updt_time", \.updtTime),
        .integer("page_num", \.pageNum), .integer("page_size", \.pageSize),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["data"], path: "input.data")
    }
    public var input: ExactJSON { ["data": node] }

    public struct Answer: TransactionAnswer {
        public var items: [Item]

        public init(items: [Item]) { self.items = items }
        public init(output: ExactJSON) throws(FsiError) {
            items = try Item.nodes(output["data"], path: "output.data")
        }
        public var output: ExactJSON { ["data": items.nodes] }
    }

    public struct Item: NodeFields {
        public var hilistCode = ""
        public var hilistName = ""
        public var listType = ""
        public var chrgitmLv = ""
        public var begndate = ""
        public var enddate = ""
        public var valiFlag = ""

        public init() {}
        public init(hilistCode: String, hilistName: String) {
            self.hilistCode = hilistCode
            self.hilistName = hilistName
        }

        public static let fields: [NodeField<Item>] = [
            .text("hilist_code", \.hilistCode), .optional("hilist_name", \.hilistName),
            .optional("list_type", \.listType), .optional("chrgitm_lv", \.chrgitmLv),
            .optional("begndate", \.begndate), .optional("enddate", \.enddate),
            .optional("vali_flag", \.valiFlag),
        ]
    }
}
