import Foundation
import RequestSigning
import Testing

@Suite struct OtherImplementationTests {
    /// Texts and what CPython prints for them, in turn.
    static func documents(seed: Int, count: Int, _ options: String...) throws -> [[UInt8]] {
        try ScriptOutput.texts("python3", "canonical-documents.py", ["\(seed)", "\(count)"] + options)
    }

    @Test(
        "10,000 random documents agree with CPython byte for byte",
        .enabled(if: ScriptOutput.isInstalled("python3")), .timeLimit(.minutes(10)), arguments: 1...10)
    func agreesWithPython(seed: Int) throws {
        let texts = try Self.documents(seed: seed, count: 1000)
        #expect(texts.count == 2000)
        for index in stride(from: 0, to: texts.count, by: 2) {
            let document = try JSONDocument(parsing: texts[index])
            let canonical = try document.canonical(.python)
            guard canonical == texts[index + 1] else {
                Issue.record(
                    """
                    \(String(decoding: texts[index], as: UTF8.self))
                    \(String(decoding: canonical, as: UTF8.self))
                    \(String(decoding: texts[index + 1], as: UTF8.self))
                    """)
                return
            }
        }
    }

    @Test(
        "2,000 random documents agree with an ECMAScript engine's form by RFC 8785",
        .enabled(if: ScriptOutput.isInstalled("python3") && ScriptOutput.isInstalled("node")),
        .timeLimit(.minutes(10)))
    func agreesWithECMAScript() throws {
        let texts = try Self.documents(seed: 99, count: 2000, "portable")
        let sources = stride(from: 0, to: texts.count, by: 2).map { texts[$0] }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("canonical-\(UUID()).txt")
        try Data(sources.flatMap { $0 + [0] }).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let expected = try ScriptOutput.texts("node", "canonical-documents.js", [file.path])
        try #require(expected.count == sources.count)
        for (source, expected) in zip(sources, expected) {
            let canonical = try JSONDocument(parsing: source).canonical(.jcs)
            guard canonical == expected else {
                Issue.record(
                    """
                    \(String(decoding: source, as: UTF8.self))
                    \(String(decoding: canonical, as: UTF8.self))
                    \(String(decoding: expected, as: UTF8.self))
                    """)
                return
            }
        }
    }
}
