/// 9101: a file goes up; later transactions name it by the answer's `file_qury_no`.
public struct FileUpload: PlatformTransaction {
    public static let infno = "9101"
    public var filename: String
    public var fixmedinsCode: String
    public var content: [UInt8]

    public init(filename: String, fixmedinsCode: String, content: [UInt8]) {
        self.filename = filename
        self.fixmedinsCode = fixmedinsCode
        self.content = content
    }

    public init(input: ExactJSON) throws(FsiError) {
        let head = try Head(node: input["fsUploadIn"], path: "input.fsUploadIn")
        (filename, fixmedinsCode) = (head.filename, head.fixmedinsCode)
        content = try FileContent.bytes(input["fsUploadIn"]?["in"], path: "input.fsUploadIn.in")
    }

    public var input: ExactJSON {
        [
            "fsUploadIn": [
                "filename": .string(filename), "fixmedins_code": .string(fixmedinsCode),
                "in": FileContent.json(content),
            ]
        ]
    }

    private struct Head: NodeFields {
        var filename = ""
        var fixmedinsCode = ""

        static let fields: [NodeField<Head>] = [
            .text("filename", \.filename), .text("fixmedins_code", \.fixmedinsCode),
        ]
    }

    public struct Answer: TransactionAnswer, NodeFields {
        public var fileQuryNo = ""
        public var filename = ""

        public init() {}
        public init(fileQuryNo: String, filename: String) {
            self.fileQuryNo = fileQuryNo
            self.filename = filename
        }

        public static let fields: [NodeField<Answer>] = [
            .text("file_qury_no", \.fileQuryNo), .optional("filename", \.filename),
        ]
        public init(output: ExactJSON) throws(FsiError) {
            // Some sites put the node's fields right into the output.
            try self.init(node: output["fileinfo"] ?? output, path: "output.fileinfo")
        }
        public var output: ExactJSON { ["fileinfo": node] }
    }
}
