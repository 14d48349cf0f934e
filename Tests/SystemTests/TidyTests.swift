import Foundation
import Testing

/// The house rules of CONTRIBUTING.md, held over the repository as it lies on disk.
@Suite("The house is tidy")
struct TidyTests {
    private static let everywhere: Set = [
        "CoreFoundation", "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl",
        "Synchronization",
    ]

    /// What each target may import beside `everywhere`. A trailing `*` stands for any ending.
    private static let importTable: [String: [String]] = [
        "ActivationCodes": ["Crypto"],
        "AuditLog": ["Crypto"],
        "RequestSigning": ["ShangMi", "Crypto", "CryptoExtras", "HTTPTypes", "RawStructuredFieldValues"],
        "ShangMi": ["CShangMi", "Crypto"],
        "ShangMiCertificates": ["ShangMi", "Crypto", "CryptoExtras", "SwiftASN1", "X509"],
        "InsurancePlatform": [
            "AsyncHTTPClient", "CZlib", "Crypto", "CryptoExtras", "HTTPTypes", "JWTKit", "Logging", "NIO*",
            "RequestSigning", "ShangMi", "SwiftASN1", "X509", "XMLCoder",
        ],
        "PlatformSimulator": [
            "Crypto", "CryptoExtras", "GRDB*", "HTTPTypes", "InsurancePlatform", "JWTKit", "Logging", "NIO*",
            "RequestSigning", "ServiceLifecycle", "ShangMi", "SwiftASN1", "X509",
        ],
        "Storage": ["ActivationCodes", "AuditLog", "Crypto", "GRDB*", "InsurancePlatform"],
        "HufuServer": [
            "ActivationCodes", "AsyncHTTPClient", "AuditLog", "InsurancePlatform", "RequestSigning",
            "ShangMi",
            "Storage", "Crypto", "CryptoExtras", "HTTPTypes", "Hummingbird*",
            "JWTKit", "Logging", "NIO*", "ServiceLifecycle", "UnixSignals",
        ],
        "ActivationClient": [
            "ActivationCodes", "AuditLog", "RequestSigning", "ShangMi", "AsyncHTTPClient", "Crypto",
            "CryptoExtras", "HTTPTypes", "NIO*",
        ],
        "hufu": ["*"],
    ]

    private let files = Repository.files
    private var swift: [SourceFile] { files.filter { $0.path.hasSuffix(".swift") } }
    private var sources: [SourceFile] { swift.filter { $0.path.hasPrefix("Sources/") } }
    private var handwritten: [SourceFile] { swift.filter { !$0.text.hasPrefix("// Generated") } }

    @Test("every target imports only what the table grants it")
    func imports() {
        for file in sources {
            let target = String(file.path.split(separator: "/")[1])
            guard let granted = Self.importTable[target] else {
                Issue.record("\(file.path): the import table has no row for \(target)")
                continue
            }
            for module in file.imports {
                if Self.everywhere.contains(module) { continue }
                let isGranted = granted.contains {
                    $0.hasSuffix("*") ? module.hasPrefix($0.dropLast()) : module == $0
                }
                #expect(isGranted, "\(file.path) imports \(module)")
            }
        }
    }

    @Test("files stay within 400 lines, half of them within 150")
    func fileSizes() throws {
        for file in handwritten { #expect(file.lineCount <= 400, "\(file.path): \(file.lineCount) lines") }
        let sizes = handwritten.filter { $0.path.hasPrefix("Sources/") }.map(\.lineCount).sorted()
        try #require(!sizes.isEmpty)
        #expect(sizes[sizes.count / 2] <= 150, "the median file in Sources has grown")
    }

    @Test("functions stay within 70 lines")
    func functionSizes() {
        for file in handwritten {
            for function in file.code.functions where function.lineCount > 70 {
                Issue.record("\(file.path):\(function.line): \(function.lineCount) lines")
            }
        }
    }

    @Test(
        "what the house does without does not appear",
        arguments: [
            (#"\btry!"#, "handle the error, or let it pass on"),
            (#"@testable\b"#, "a test that needs an internal says that the seam is wrong"),
            (#"@_exported\b"#, "whoever needs a module imports it"),
        ])
    func forbidden(pattern: String, why: String) throws {
        let expression = try Regex(pattern)
        for file in swift {
            for line in file.code.lines(containing: expression) {
                Issue.record("\(file.path):\(line): \(why)")
            }
        }
    }

    @Test("only the program prints")
    func printing() throws {
        let expression = try Regex(#"(^|[^\w.])(print|debugPrint|dump)\("#)
        for file in swift where !file.path.hasPrefix("Sources/hufu/") {
            // Into a string is not onto the screen.
            for line in file.code.lines(containing: expression)
            where !file.code.lines[line - 1].contains("to: &") {
                Issue.record("\(file.path):\(line): prints")
            }
        }
    }

    @Test("nothing is left for later in a comment")
    func leftovers() throws {
        let expression = try Regex(#"\b(TODO|FIXME|XXX)\b"#)
        for file in swift {
            for line in file.comments.lines(containing: expression) {
                Issue.record("\(file.path):\(line): do it, or open an issue")
            }
        }
    }

    @Test("every @unchecked Sendable is proved by the comment right above it")
    func unchecked() throws {
        let expression = try Regex(#"@unchecked\s+Sendable"#)
        for file in swift {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            for line in file.code.lines(containing: expression) {
                let above = line >= 2 ? lines[line - 2].drop(while: \.isWhitespace) : ""
                #expect(above.hasPrefix("//"), "\(file.path):\(line): no proof above")
            }
        }
    }

    @Test("every vector and every script is used")
    func usedByName() {
        let users = files.filter { $0.isCode }
        for file in files {
            let name = String(file.path.split(separator: "/").last ?? "")
            let wanted: [String]
            if file.path.hasPrefix("Tests/"), file.path.contains("/Vectors/") {
                wanted = [name, "\"\(name.prefix { $0 != "." })\""]
            } else if file.path.hasPrefix("scripts/") {
                wanted = [file.path]
            } else if file.path.hasPrefix("Tests/"), !file.path.hasSuffix(".swift") {
                wanted = [name]
            } else {
                continue
            }
            let isUsed = users.contains { user in
                user.path != file.path && wanted.contains { user.text.contains($0) }
            }
            #expect(isUsed, "\(file.path): nobody uses it")
        }
    }

    @Test("every relative link in the documents leads somewhere")
    func links() throws {
        for file in files where file.path.hasSuffix(".md") {
            let folder = Repository.root.appending(path: file.path).deletingLastPathComponent()
            for link in Markdown(file.text).relativeLinks {
                let target = URL(filePath: link, relativeTo: folder).path
                #expect(FileManager.default.fileExists(atPath: target), "\(file.path): \(link)")
            }
        }
    }

    @Test("the scanner sees what it must and nothing else")
    func scanner() {
        let text = #"""
            func short() {  // try! in a comment
                let a = "} try! \(f("}")) {", b = """
                    func no() { "quoted"
                    """
            }
            protocol P { func bodiless(); func another(_ f: () -> Void) }
            func long(f: () -> Void = {}) {
                /* } /* nested } */ } */ let c = #"\" } "#
                try! self.init(f)
            }
            """#
        let code = ScannedText(text, keeping: .code)
        #expect(code.functions.map(\.line) == [1, 7])
        #expect(code.functions.map(\.lineCount) == [5, 4])
        #expect(code.lines(containing: /try!/) == [9])
        #expect(ScannedText(text, keeping: .comment).lines(containing: /try!/) == [1])
    }
}
