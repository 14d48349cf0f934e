import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// Verifies signatures of every profile with the client's keys; a refusal is explained by the doctor.
struct SignatureDesk: Sendable {
    private let keys: [String: VerificationKey]
    private let nonces: NonceWindow
    private let time: SandboxTime
    /// Seconds; nil where each profile's own window holds alone.
    private let window: Int?

    init(_ credentials: SandboxCredentials, time: SandboxTime, window: Int? = nil) {
        self.window = window
        keys = Dictionary(
            credentials.signingKeys.values.map { ($0.id, $0.verificationKey) },
            uniquingKeysWith: { first, _ in first })
        // A sandbox that starts again has forgotten nonces, but no message: the ledger knows every msgid.
        nonces = NonceWindow(key: .random(), knownSince: 0, callsPerSecond: 2000)
        self.time = time
    }

    /// The call that a valid signature is for.
    ///
    /// - Throws: `DoorRefusal` with status 403 and the explanation.
    func verify(_ message: HTTPMessage) throws(DoorRefusal) -> VerifiedCall {
        do {
            return try attempt(message)
        } catch {
            throw explained(error, message)
        }
    }

    private func attempt(_ message: HTTPMessage) throws(SigningRefusal) -> VerifiedCall {
        let verifier = RequestVerifier(
            try RequestVerifier.profile(of: message), limits: FsiRequest.limits)
        let presented = try verifier.read(message)
        let now = time.now
        try verifier.checkTime(presented, now: now, within: window)
        guard let key = keys[presented.keyID] else {
            throw SigningRefusal(.unknownKey, "The sandbox has no key of that name.")
        }
        let content = try verifier.content(presented, of: message, key: key)
        let call = try verifier.verify(presented, content, key: key)
        let token = verifier.replayToken(of: presented, in: message)
        if let refusal = nonces.admit(call, token: token, now: now).refusal { throw refusal }
        return call
    }

    private func explained(_ refusal: SigningRefusal, _ message: HTTPMessage) -> DoorRefusal {
        var evidence = SignatureEvidence()
        evidence.receivedAt = time.now
        evidence.refusal = refusal
        if refusal.code == .nonceReplayed { evidence.earlierUse = .sameProcess }
        if let profile = try? RequestVerifier.profile(of: message) {
            let presented = try? RequestVerifier(profile, limits: FsiRequest.limits).read(message)
            evidence.key = presented.flatMap { keys[$0.keyID] }
            evidence.otherKeys = keys.values.filter { $0.id != presented?.keyID }
        }
        let explanation = SignatureExplanation(of: message, evidence: evidence)
        return DoorRefusal(
            .forbidden, refusal.code.rawValue, refusal.detail, explanation: explanation.json)
    }
}
