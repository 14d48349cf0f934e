import Foundation
import Testing

@Suite("Verification can't be switched off")
struct TLSVerificationTests {
    /// What would weaken it: no verification, none of host names, a callback that has the last word, old versions.
    private static let forbidden = [
        #"certificateVerification\s*=(?!=)\s*+(?!\.fullVerification)"#, #"\.noHostnameVerification"#,
        #"\.optionalVerification"#, #"CertificateVerification\.none"#, #"ustomVerificationCallback"#,
        #"\.certificateVerified"#, #"\.tlsv1\b"#, #"\.tlsv11\b"#, #"InsecureTrust|trustAll|--insecure"#,
    ]

    /// The examination offers old versions to see whether a server knows no others, looks at chains in a callback
    /// that always refuses, and names versions. The sandbox's server verifies clients, which have no host name, and
    /// takes some requests without a client certificate.
    private static let allowed: [String: Set<String>] = [
        "PlatformSimulator/Certificates/ServerCertificate.swift": [
            forbidden[0], #"\.noHostnameVerification"#, #"\.optionalVerification"#,
        ],
        "InsurancePlatform/TLS/TLSProbe.swift": [#"\.tlsv1\b"#, #"\.tlsv11\b"#],
        "InsurancePlatform/TLS/TLSExaminationCourse+Handshake.swift": [#"\.tlsv1\b"#, #"\.tlsv11\b"#],
    ]

    private static let sources = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    @Test("nothing in the sources weakens it")
    func sources() throws {
        let files = try #require(
            FileManager.default.enumerator(at: Self.sources, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files where file.pathExtension == "swift" {
            count += 1
            let name = String(file.path.dropFirst(Self.sources.path.count + 1))
            let text = try String(contentsOf: file, encoding: .utf8)
            for found in Self.violations(in: text) where !(Self.allowed[name]?.contains(found) ?? false) {
                Issue.record("\(name) has \(found)")
            }
        }
        #expect(count > 200)
    }

    @Test("the search finds what it must")
    func search() {
        for line in [
            "settings.certificateVerification = .none", "tls.certificateVerification = mode",
            "x = .noHostnameVerification", "y(.optionalVerification)", "let z = CertificateVerification.none",
            "handler(customVerificationCallback: f)", "promise.succeed(.certificateVerified)",
            "minimum = .tlsv1",
        ] {
            #expect(!Self.violations(in: line).isEmpty, "\(line)")
        }
        #expect(Self.violations(in: "if a.certificateVerification == .fullVerification {").isEmpty)
        #expect(Self.violations(in: "a.certificateVerification = .fullVerification; b = .tlsv12").isEmpty)
    }

    private static func violations(in text: String) -> [String] {
        forbidden.filter { text.range(of: $0, options: .regularExpression) != nil }
    }
}
