import Foundation

/// The working copy that these tests were built from.
enum Repository {
    static let root: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// The program under test: the debug build beside the tests, or `HUFU_BINARY`.
    static var hufu: URL {
        if let path = ProcessInfo.processInfo.environment["HUFU_BINARY"] { return URL(filePath: path) }
        return root.appending(path: ".build/debug/hufu")
    }

    /// Every file but what is built, generated or data; read once, in the order of their paths.
    static let files: [SourceFile] = {
        let skipped: Set = [".build", ".git", ".swiftpm", "__pycache__", "data"]
        var files: [SourceFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            let url = root.appending(path: folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            for name in names where !skipped.contains(name) {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(
                    atPath: root.appending(path: path).path, isDirectory: &isFolder)
                if isFolder.boolValue { folders.append(path) } else { files.append(SourceFile(path)) }
            }
        }
        return files.sorted { $0.path < $1.path }
    }()

    static func text(of path: String) -> String {
        let data = FileManager.default.contents(atPath: root.appending(path: path).path)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }
}

struct SourceFile: Sendable {
    /// Relative to the root of the repository.
    let path: String
    /// Empty unless the file is code or a document.
    let text: String
    let code: ScannedText
    let comments: ScannedText

    init(_ path: String) {
        self.path = path
        let isRead = Self.isCode(path) || path.hasSuffix(".md")
        text = isRead ? Repository.text(of: path) : ""
        let isSwift = path.hasSuffix(".swift")
        code = ScannedText(isSwift ? text : "", keeping: .code)
        comments = ScannedText(isSwift ? text : "", keeping: .comment)
    }

    var isCode: Bool { Self.isCode(path) }
    var lineCount: Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

    /// The modules that this file imports.
    var imports: [String] {
        code.lines.compactMap { line in
            var words = line.split(separator: " ").drop { $0.hasPrefix("@") }
            if let first = words.first, ["public", "package", "internal", "private"].contains(first) {
                words = words.dropFirst()
            }
            guard words.first == "import" else { return nil }
            words = words.dropFirst()
            if let first = words.first, ["struct", "class", "enum", "protocol", "func"].contains(first) {
                words = words.dropFirst()
            }
            return words.first.map { String($0.prefix { $0 != "." }) }
        }
    }

    private static func isCode(_ path: String) -> Bool {
        path == "Makefile" || path.hasPrefix(".ci/") || path.hasPrefix("scripts/")
            || [".swift", ".py", ".sh"].contains { path.hasSuffix($0) }
    }
}

/// What the tests need to know of a Markdown document.
struct Markdown {
    struct Block {
        /// The first word after the opening fence.
        var language: String
        var lines: [String]
    }

    private(set) var blocks: [Block] = []
    private(set) var prose = ""

    init(_ text: String) {
        var open: (fence: Substring, block: Block)?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop(while: \.isWhitespace)
            let fence = bare.prefix { $0 == "`" }
            if let (opening, block) = open {
                if fence == opening, bare.count == fence.count {
                    blocks.append(block)
                    open = nil
                } else {
                    open?.block.lines.append(String(line))
                }
            } else if fence.count >= 3 {
                let language = bare.dropFirst(fence.count).prefix { !$0.isWhitespace }
                open = (fence, Block(language: String(language), lines: []))
            } else {
                prose += line + "\n"
            }
        }
    }

    /// The targets of links into the repository, without their anchors.
    var relativeLinks: [String] {
        let withoutCode = prose.replacing(/`[^`\n]*`/, with: "")
        return withoutCode.matches(of: /\]\(([^)\s]+)[^)]*\)/).compactMap { match in
            let path = match.1.prefix { $0 != "#" }
            return path.isEmpty || path.contains(":") ? nil : String(path)
        }
    }
}
