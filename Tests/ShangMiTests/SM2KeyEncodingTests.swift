import Crypto
import ShangMi
import Testing

@Suite("SM2: keys in DER and PEM")
struct SM2KeyEncodingTests {
    private let key = SM2.Signing.PrivateKey()

    @Test(
        "OpenSSL and we write the same public key and read each other's private keys",
        .enabled(if: OpenSSL.shared.isPresent))
    func openSSL() throws {
        for _ in 0..<20 {
            let key = SM2.Signing.PrivateKey()
            let theirs = try #require(OpenSSLKey(privateDER: key.derRepresentation))
            #expect(theirs.publicInfo == key.publicKey.derRepresentation)
            let back = try SM2.Signing.PrivateKey(derRepresentation: theirs.sec1)
            #expect(back.rawRepresentation == key.rawRepresentation)
            #expect(try SM2.Signing.PublicKey(derRepresentation: theirs.publicInfo) == key.publicKey)
        }
    }

    @Test("A key comes back from its DER and PEM")
    func roundTrip() throws {
        let raw = key.rawRepresentation
        #expect(try SM2.Signing.PrivateKey(derRepresentation: key.derRepresentation).rawRepresentation == raw)
        #expect(try SM2.Signing.PrivateKey(pemRepresentation: key.pemRepresentation).rawRepresentation == raw)
        let publicKey = key.publicKey
        #expect(try SM2.Signing.PublicKey(derRepresentation: publicKey.derRepresentation) == publicKey)
        #expect(try SM2.Signing.PublicKey(pemRepresentation: publicKey.pemRepresentation) == publicKey)
        #expect(
            publicKey.pemRepresentation.hasPrefix(
                "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE"))
        #expect(publicKey.pemRepresentation.hasSuffix("\n-----END PUBLIC KEY-----\n"))
    }

    @Test("A public key with any one byte changed is refused or is another key with that very encoding")
    func changedPublicKey() throws {
        let der = key.publicKey.derRepresentation
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x41
            if let other = try? SM2.Signing.PublicKey(derRepresentation: changed) {
                #expect(other.derRepresentation == changed && other != key.publicKey)
            }
        }
        for wrong in [der + [0], Array(der.dropLast()), [], [0x30, 0x80] + der.dropFirst(2) + [0, 0]] {
            #expect(throws: ShangMiError.invalidKeyEncoding) {
                try SM2.Signing.PublicKey(derRepresentation: wrong)
            }
        }
    }

    @Test("A private key with any one byte changed is refused or is the same or another whole key")
    func changedPrivateKey() throws {
        let der = key.derRepresentation
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x41
            // The public key inside must fit, so that no changed number passes.
            #expect((try? SM2.Signing.PrivateKey(derRepresentation: changed)) == nil, "byte \(index)")
        }
    }

    @Test("SEC1 and PKCS#8 are taken with and without the public key, and SEC1 only with the curve")
    func optionalParts() throws {
        let forms = PrivateKeyForms(key)
        #expect(forms.read.count == 9 && forms.read.contains(key.derRepresentation))
        for form in forms.read {
            #expect(
                try SM2.Signing.PrivateKey(derRepresentation: form).rawRepresentation == key.rawRepresentation
            )
        }
        for form in forms.refused {
            #expect((try? SM2.Signing.PrivateKey(derRepresentation: form)) == nil)
        }
    }

    @Test("Whatever bytes are read are one of the forms of the key that was read")
    func nothingIsDropped() throws {
        for form in PrivateKeyForms(key).read {
            for index in form.indices {
                for change: UInt8 in [1, 0x41, 0x80] {
                    var changed = form
                    changed[index] ^= change
                    guard let read = try? SM2.Signing.PrivateKey(derRepresentation: changed) else { continue }
                    #expect(PrivateKeyForms(read).read.contains(changed), "byte \(index)")
                }
            }
        }
    }

    @Test("A private key that brings another's public key is refused")
    func mismatch() throws {
        var der = key.derRepresentation
        der.replaceSubrange((der.count - 64)..., with: SM2.Signing.PrivateKey().publicKey.rawRepresentation)
        #expect(throws: ShangMiError.invalidKeyEncoding) {
            try SM2.Signing.PrivateKey(derRepresentation: der)
        }
    }

    @Test("A key of another curve is refused by name")
    func otherCurve() {
        let other = P256.Signing.PrivateKey()
        #expect(throws: ShangMiError.unsupportedAlgorithm) {
            try SM2.Signing.PrivateKey(derRepresentation: other.derRepresentation)
        }
        #expect(throws: ShangMiError.unsupportedAlgorithm) {
            try SM2.Signing.PublicKey(derRepresentation: other.publicKey.derRepresentation)
        }
    }

    @Test("Text, other blocks and line ends around a PEM block don't matter")
    func surroundings() throws {
        let pem = key.publicKey.pemRepresentation
        let parameters = "-----BEGIN EC PARAMETERS-----\nBggqgRzPVQGCLQ==\n-----END EC PARAMETERS-----\n"
        for text in [
            "a comment\n\n" + pem + "more\n", parameters + pem,
            pem.split(separator: "\n").joined(separator: "\r\n"), pem + pem,
        ] {
            #expect(try SM2.Signing.PublicKey(pemRepresentation: text) == key.publicKey)
        }
    }

    @Test("PEM with headers, a wrong label, without an end or with Base64 in another form is refused")
    func brokenPEM() {
        let pem = key.publicKey.pemRepresentation
        let body = pem.split(separator: "\n")[1]
        for text in [
            "", "-----BEGIN PUBLIC KEY-----\n", String(pem.dropLast(4)), key.pemRepresentation,
            pem.replacing("PUBLIC KEY-----\nMF", with: "PUBLIC KEY-----\nProc-Type: 4,ENCRYPTED\n\nMF"),
            pem.replacing(body, with: body.dropLast()), pem.replacing(body, with: body.dropLast() + "*"),
            pem.replacing(body, with: body.prefix(20) + " " + body.dropFirst(20)),
            pem.replacing(body, with: body.dropLast(4) + "AA=="), pem.replacing("END PUBLIC", with: "END EC"),
        ] {
            #expect(throws: ShangMiError.invalidKeyEncoding, "\(text)") {
                try SM2.Signing.PublicKey(pemRepresentation: text)
            }
        }
    }

}
