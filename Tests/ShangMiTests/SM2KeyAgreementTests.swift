import Crypto
import ShangMi
import Testing

@Suite("SM2: key agreement")
struct SM2KeyAgreementTests {
    private typealias Exchange = SM2.KeyAgreement.Exchange
    private typealias Agreement = SM2.KeyAgreement.Agreement

    /// Both sides of an exchange whose responder may take the initiator for another user.
    private func exchange(
        keyByteCount: Int = 32, assumedUser: SM2.UserID = .default,
        responderRole: SM2.KeyAgreement.Role = .responder
    ) throws -> (Agreement, Agreement) {
        let first = SM2.KeyAgreement.PrivateKey()
        let second = SM2.KeyAgreement.PrivateKey()
        let initiator = Exchange(as: .initiator, key: first, with: second.publicKey)
        let responder = Exchange(
            as: responderRole, key: second, with: first.publicKey, peerUserID: assumedUser)
        let (firstPoint, secondPoint) = (initiator.ephemeralPublicKey, responder.ephemeralPublicKey)
        return (
            try initiator.agreement(on: secondPoint, keyByteCount: keyByteCount),
            try responder.agreement(on: firstPoint, keyByteCount: keyByteCount)
        )
    }

    @Test("Both sides get the same key and confirm it", arguments: [1, 16, 32, 33, 100])
    func agreement(keyByteCount: Int) throws {
        let (first, second) = try exchange(keyByteCount: keyByteCount)
        let key = try first.key(confirmedBy: second.confirmation)
        #expect(try second.key(confirmedBy: first.confirmation) == key)
        #expect(key.bitCount == keyByteCount * 8)
        #expect(first.confirmation != second.confirmation)
    }

    @Test("Every exchange gives another key")
    func freshness() throws {
        let (first, _) = try exchange()
        let (other, _) = try exchange()
        #expect(first.unconfirmedKey != other.unconfirmedKey)
    }

    @Test("A confirmation that is one's own, changed, cut short or longer is refused")
    func confirmation() throws {
        let (first, second) = try exchange()
        var changed = second.confirmation
        changed[31] ^= 1
        let wrong = [
            first.confirmation, changed, Array(second.confirmation.dropLast()), second.confirmation + [0], [],
        ]
        for confirmation in wrong {
            #expect(throws: ShangMiError.authenticationFailure) { try first.key(confirmedBy: confirmation) }
        }
    }

    @Test("Sides that differ on who they are, or on their roles, don't confirm each other")
    func disagreement() throws {
        for (first, second) in [
            try exchange(assumedUser: SM2.UserID("somebody else")), try exchange(responderRole: .initiator),
        ] {
            #expect(throws: ShangMiError.authenticationFailure) {
                try first.key(confirmedBy: second.confirmation)
            }
            #expect(first.unconfirmedKey != second.unconfirmedKey)
        }
    }

    @Test("A peer whose points cancel out is refused")
    func infinity() throws {
        // P + x̄·R is infinity for P = -x̄·R.
        let ephemeral = SM2.KeyAgreement.PrivateKey()
        let x = Reference.words(
            UInt256(bigEndian: ephemeral.publicKey.rawRepresentation.span.extracting(0..<32)))
        let factor = Scalar(reducing: UInt256(x[0], x[1] | 1 << 63, 0, 0))
        let scalar = Scalar(reducing: UInt256(bigEndian: ephemeral.rawRepresentation.span))
        let canceling = Scalar(reducing: UInt256(0, 0, 0, 0)) - factor * scalar
        let hostile = try SM2.KeyAgreement.PrivateKey(rawRepresentation: canceling.value.bytes)
        let exchange = Exchange(
            as: .initiator, key: SM2.KeyAgreement.PrivateKey(), with: hostile.publicKey)
        var refusal: ShangMiError?
        do {
            _ = try exchange.agreement(on: ephemeral.publicKey, keyByteCount: 16)
        } catch {
            refusal = error
        }
        #expect(refusal == .invalidPoint)
    }
}
