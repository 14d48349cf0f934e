/// 9102: fetches a file, such as the differing rows of 3202.
public struct FileDownload: PlatformTransaction, NodeFields {
    public static let infno = "9102"
    public var fileQuryNo = ""
    public var filename = ""
    public var fixmedinsCode = ""

    public init() {}
    public init(fileQuryNo: String, filename: String, fixmedinsCode: String) {
        self.fileQuryNo = fileQuryNo
        self.filename = filename
        self.fixmedinsCode = fixmedinsCode
    }

    public static let fields: [NodeField<FileDownload>] = [
        .text("file_qury_no", \.fileQuryNo), .optional("filename", \.filename),
        .text("fixmedins_code", \.fixmedinsCode),
    ]
    public init(input: ExactJSON) throws(FsiError) {
        try self.init(node: input["fsDownloadIn"], path: "input.fsDownloadIn")
    }
    public var input: ExactJSON { ["fsDownloadIn": node] }

    public struct Answer: TransactionAnswer {
        public var filename: String
        public var content: [UInt8]

        public init(filename: String, content: [UInt8]) {
            self.filename = filename
            self.content = content
        }

        public init(output: ExactJSON) throws(FsiError) {
            let node = output["fileinfo"] ?? output
            filename = node["filename"]?.string ?? ""
            content = try FileContent.bytes(node["in"], path: "output.fileinfo.in")
        }

        public var output: ExactJSON {
            ["fileinfo": ["filename": .string(filename), "in": FileContent.json(content)]]
        }
    }
}
