import Foundation
import ShangMi
import ShangMiCertificates
import SwiftASN1
import Testing
import X509

@Suite("SM2 certificates: chains")
struct ChainTests {
    private typealias Code = SM2ChainRefusal.Code

    private let root: Holder
    private let verifier: SM2ChainVerifier

    init() throws {
        root = try Holder(root: "Root")
        verifier = SM2ChainVerifier(roots: [root.certificate])
    }

    private func refusal(
        _ leaf: Holder, _ intermediates: [Holder] = [], at date: Date = now,
        for use: SM2ChainVerifier.KeyUse = .any, purpose: ExtendedKeyUsage.Usage? = nil
    ) -> SM2ChainRefusal? {
        verifier.verify(
            leaf.certificate, intermediates: intermediates.map(\.certificate), at: date, for: use,
            purpose: purpose
        ).refusal
    }

    @Test("A chain is put together whatever the order, with strangers among the intermediates")
    func trusted() throws {
        let a = try root.issue("A", .authority(maxPathLength: 1))
        let b = try a.issue("B", .authority(maxPathLength: 0))
        let leaf = try b.issue("Leaf")
        let stranger = try Holder(root: "A")
        let verdict = verifier.verify(
            leaf.certificate,
            intermediates: [stranger, b, leaf, a, root].map(\.certificate), at: now)
        #expect(verdict == .trusted([leaf, b, a, root].map(\.certificate)))
        #expect(
            verifier.verify(root.certificate, at: now) == .trusted([root.certificate]))
        #expect(
            SM2ChainVerifier(roots: [b.certificate]).verify(leaf.certificate, at: now)
                == .trusted([leaf.certificate, b.certificate]))
    }

    @Test("A validity holds from its first second through its last")
    func time() throws {
        let leaf = try root.issue("Leaf")
        #expect(refusal(leaf, at: now - day) == nil)
        #expect(refusal(leaf, at: now + day + 0.9) == nil)
        #expect(refusal(leaf, at: now - day - 0.1)?.code == .notYetValid)
        #expect(refusal(leaf, at: now + day + 1)?.code == .expired)
        let short = try root.issue("Short", .authority()) { $0.notValidAfter = now - 1 }
        let late = try root.issue("Late", .authority()) { $0.notValidBefore = now + 1 }
        #expect(refusal(try short.issue("Leaf"), [short])?.code == .expired)
        #expect(refusal(try short.issue("Leaf"), [short])?.certificate == short.certificate)
        #expect(refusal(try late.issue("Leaf"), [late])?.code == .notYetValid)
    }

    @Test("Without an issuer, or with an unknown root, there is no chain")
    func unknown() throws {
        let other = try Holder(root: "Other")
        let a = try root.issue("A", .authority())
        #expect(refusal(try a.issue("Leaf"))?.code == .unknownIssuer)
        #expect(refusal(try a.issue("Leaf"), [a]) == nil)
        #expect(refusal(other)?.code == .untrustedRoot)
        let leaf = try other.issue("Leaf")
        #expect(refusal(leaf, [other])?.code == .untrustedRoot)
        #expect(refusal(leaf, [other])?.certificate == other.certificate)
    }

    @Test("A name alone makes no issuer")
    func signature() throws {
        let impostor = try Holder(root: "Root")
        #expect(refusal(try impostor.issue("Leaf"))?.code == .invalidSignature)
        let otherID = try root.issue("Leaf", userID: try SM2.UserID("another"))
        #expect(refusal(otherID)?.code == .invalidSignature)
        let verdict = SM2ChainVerifier(roots: [root.certificate], userID: try SM2.UserID("another"))
            .verify(otherID.certificate, at: now)
        #expect(verdict == .trusted([otherID.certificate, root.certificate]))
    }

    @Test("Only an authority issues")
    func authority() throws {
        // Neither can be issued under its own key, so the key issues under a certificate that it had before.
        for (code, role, usage) in [
            (Code.notAuthority, SM2CertificateTemplate.Role.signing, KeyUsage(keyCertSign: true)),
            (.mayNotSignCertificates, .authority(), KeyUsage(digitalSignature: true)),
        ] {
            let middle = try root.issue("Middle", .authority())
            let leaf = try middle.issue("Leaf")
            var template = try SM2CertificateTemplate(
                subject: name("Middle"), publicKey: middle.key.publicKey, role: role,
                notValidBefore: now - day, notValidAfter: now + day)
            try template.set(usage)
            let weak = try template.issued(by: root.certificate, with: root.key)
            let verdict = verifier.verify(leaf.certificate, intermediates: [weak], at: now)
            #expect(verdict.refusal?.code == code)
            #expect(verdict.refusal?.certificate == weak)
            #expect(refusal(leaf, [middle]) == nil)
        }
    }

    @Test("A path is no longer than its authorities allow, self-issued ones not counted")
    func pathLength() throws {
        let a = try root.issue("A", .authority(maxPathLength: 0))
        let b = try a.issue("B", .authority())
        #expect(refusal(try a.issue("Leaf"), [a]) == nil)
        let refused = refusal(try b.issue("Leaf"), [a, b])
        #expect(refused?.code == .pathLengthExceeded)
        #expect(refused?.certificate == a.certificate)
        let renewed = try a.issue("A", .authority(maxPathLength: 0))
        #expect(refusal(try renewed.issue("Leaf"), [a, renewed]) == nil)
    }

    @Test("Critical extensions that aren't judged refuse the chain, wherever they stand")
    func critical() throws {
        let unknown = Certificate.Extension(oid: [1, 2, 3, 4], critical: true, value: [5, 0])
        let leaf = try root.issue("Leaf") { try $0.extensions.append(unknown) }
        #expect(refusal(leaf)?.code == .unhandledCriticalExtension)
        let a = try root.issue("A", .authority()) { try $0.extensions.append(unknown) }
        #expect(refusal(try a.issue("Leaf"), [a])?.code == .unhandledCriticalExtension)
        #expect(refusal(try a.issue("Leaf"), [a])?.certificate == a.certificate)
        let harmless = try root.issue("Leaf") { template in
            var found = unknown
            found.critical = false
            try template.extensions.append(found)
            try template.set(SubjectAlternativeNames([.dnsName("a.cn")]))
        }
        #expect(refusal(harmless) == nil)
        let constrained = try root.issue("A", .authority()) {
            try $0.set(NameConstraints(permittedDNSDomains: ["a.cn"]), critical: false)
        }
        #expect(refusal(try constrained.issue("Leaf"), [constrained])?.code == .unhandledCriticalExtension)
    }

    @Test("A key is for its use, and a certificate for its purpose")
    func uses() throws {
        let signing = try root.issue("A", .signing)
        let encryption = try root.issue("A", .encryption)
        let free = try root.issue("A") { $0.extensions.remove(.X509ExtensionID.keyUsage) }
        #expect(refusal(signing, for: .signing) == nil)
        #expect(refusal(signing, for: .encryption)?.code == .wrongKeyUsage)
        #expect(refusal(encryption, for: .encryption) == nil)
        #expect(refusal(encryption, for: .signing)?.code == .wrongKeyUsage)
        for use in SM2ChainVerifier.KeyUse.allCases { #expect(refusal(free, for: use) == nil) }

        let server = try root.issue("A") { try $0.set(ExtendedKeyUsage([.serverAuth])) }
        let anything = try root.issue("A") { try $0.set(ExtendedKeyUsage([.any])) }
        #expect(refusal(server, purpose: .serverAuth) == nil)
        #expect(refusal(server) == nil)
        #expect(refusal(server, purpose: .clientAuth)?.code == .wrongPurpose)
        #expect(refusal(anything, purpose: .clientAuth) == nil)
        #expect(refusal(signing, purpose: .clientAuth) == nil)
        let a = try root.issue("CA", .authority()) { try $0.set(ExtendedKeyUsage([.clientAuth])) }
        #expect(refusal(try a.issue("Leaf"), [a], purpose: .serverAuth)?.code == .wrongPurpose)
    }

    @Test("Chains end somewhere")
    func length() throws {
        var chain = [root]
        for index in 0..<8 { chain.append(try chain[index].issue("CA \(index)", .authority())) }
        #expect(refusal(try chain[8].issue("Leaf"), chain) == nil)
        chain.append(try chain[8].issue("CA 8", .authority()))
        #expect(refusal(try chain[9].issue("Leaf"), chain)?.code == .chainTooLong)
    }

    @Test("Authorities that all certify each other don't keep a verifier busy", .timeLimit(.minutes(10)))
    func loops() throws {
        let keys = try (0..<6).map { try Holder(root: "CA \($0)") }
        var crossed: [Holder] = []
        for issuer in keys {
            for subject in keys.indices {
                crossed.append(
                    try issuer.issue("CA \(subject)", .authority()) {
                        $0.publicKey = keys[subject].key.publicKey
                    })
            }
        }
        let leaf = try keys[0].issue("Leaf")
        #expect(refusal(leaf, crossed) != nil)
    }
}
