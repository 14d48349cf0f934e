import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import RequestSigning
import Storage

/// Admits the signed calls of bound devices. All but the key's first load and the commit is synchronous:
/// limits, version, time, key, signature, nonce, then in one transaction device, code, scope and address, the
/// nonce and the entry.
final class Gateway: Sendable {
    typealias Finish = @Sendable (Result<AdmittedCall, any Error>) -> Void

    let authority: Authority
    let ring = DeviceKeyRing()
    let refused = RefusedCalls()
    let times = StepTimes()
    let nonces: NonceWindow
    private let paths = RedactedPaths()

    /// The longest body of a call, in bytes: an fsi input of 40,000 characters, encrypted and in hex, and more.
    static let largestBody = 256 * 1024
    private static let limits = JSONLimits(bytes: largestBody)

    init(authority: Authority) {
        self.authority = authority
        let key = authority.keys.nonceKey
        // Until the stored nonces are loaded: a clock may be ahead by a whole window.
        nonces = NonceWindow(key: key, knownSince: authority.clock() / 1_000_000_000 + 300)
    }

    /// What is known of a call on its way.
    private struct Passage {
        var message: HTTPMessage
        var call: Call
        var dataKey: PersonalVault.DataKey
        let began: Int64
        var now: Date { Date(unixMilliseconds: began / 1_000_000) }
        var profile: Profile?
        var presented: PresentedSignature?
        /// The key's id where no signature could be read.
        var namedKey: String?
        var key: DeviceKey?
        var earlierUse: SignatureEvidence.EarlierUse?
    }

    /// Decides on a call. `finish` is called once, on any thread; what it throws at the caller is a refusal or
    /// an error, logged already.
    func admit(
        _ message: HTTPMessage, _ call: Call, _ dataKey: PersonalVault.DataKey, finish: @escaping Finish
    ) {
        let began = authority.clock()
        var passage = Passage(message: message, call: call, dataKey: dataKey, began: began)
        do throws(SigningRefusal) {
            let profile = try RequestVerifier.profile(of: message)
            passage.profile = profile
            let verifier = RequestVerifier(profile, limits: Self.limits)
            let presented = try verifier.readAll(message)
            let read = authority.clock()
            var known = presented[0]
            var cached: DeviceKey?
            for signature in presented where cached == nil {
                cached = ring.key(id: signature.keyID)
                if cached != nil { known = signature }
            }
            passage.presented = known
            passage.key = cached
            let untimely = Self.refusal { () throws(SigningRefusal) in
                try verifier.checkTime(known, now: began / 1_000_000)
            }
            if let cached {
                times.record((.parse, read - began), (.key, authority.clock() - read))
                if let untimely { throw untimely }
                return proceed(passage, verifier, known, cached, finish)
            }
            times.record(.parse, read - began)
            load(presented, passage, verifier, untimely, since: read, finish)
        } catch {
            refuseUnread(error, passage, finish)
        }
    }

    /// A call may be refused before its key was looked for. Whose it was is read from what there is of it: that
    /// is part of its entry, and they may ask for the explanation.
    private func refuseUnread(_ refusal: SigningRefusal, _ passage: Passage, _ finish: @escaping Finish) {
        guard passage.key == nil, let id = RequestVerifier.namedKey(of: passage.message) else {
            return refuse(refusal, passage, finish)
        }
        var passage = passage
        passage.namedKey = id
        passage.key = ring.key(id: id)
        if passage.key != nil { return refuse(refusal, passage, finish) }
        Task { [passage] in
            var passage = passage
            do { passage.key = try await find(id) } catch { return finish(.failure(error)) }
            refuse(refusal, passage, finish)
        }
    }

    private static func refusal(_ check: () throws(SigningRefusal) -> Void) -> SigningRefusal? {
        do throws(SigningRefusal) {
            try check()
            return nil
        } catch {
            return error
        }
    }

    /// The keys that a request names, looked up in the store: the first that there is counts. A call that is
    /// refused for its time has its key looked up too: whose call it was is part of its entry, and they may ask
    /// for the explanation.
    private func load(
        _ presented: [PresentedSignature], _ passage: Passage, _ verifier: RequestVerifier,
        _ untimely: SigningRefusal?, since read: Int64, _ finish: @escaping Finish
    ) {
        Task { [passage] in
            var passage = passage
            do {
                for candidate in presented {
                    guard let key = try await find(candidate.keyID) else { continue }
                    passage.presented = candidate
                    passage.key = key
                    times.record(.key, authority.clock() - read)
                    if let untimely { return refuse(untimely, passage, finish) }
                    return proceed(passage, verifier, candidate, key, finish)
                }
                times.record(.key, authority.clock() - read)
                refuse(untimely ?? SigningRefusal(.unknownKey, "No such key is registered."), passage, finish)
            } catch {
                finish(.failure(error))
            }
        }
    }

    /// The key in the store, which the next call finds in the ring; nil if there is none.
    private func find(_ id: String) async throws -> DeviceKey? {
        let changes = ring.changes
        let found = try await authority.store.read { transaction in
            try transaction.signingKey(id: id).flatMap { stored in
                try transaction.code(index: stored.codeIndex).map { (stored, $0) }
            }
        }
        guard let found else { return nil }
        let key = try DeviceKey(found.0, found.1, authority.keys)
        ring.keep(key, loadedAt: changes)
        return key
    }

    /// The keys of the device that a key is of, revoked ones too, the newest first, and at most `limit` beside
    /// the one named.
    func keys(ofDeviceWith id: String, limit: Int) async throws -> (named: DeviceKey?, others: [DeviceKey]) {
        let found = try await authority.store.read { transaction in
            try transaction.signingKey(id: id).flatMap { stored in
                try transaction.code(index: stored.codeIndex).map { code in
                    (stored, try transaction.signingKeys(ofBinding: stored.bindingID), code)
                }
            }
        }
        guard let (named, all, code) = found else { return (nil, []) }
        let others = all.reversed().filter { $0.id != id }.prefix(limit)
        return (
            try DeviceKey(named, code, authority.keys),
            try others.map { try DeviceKey($0, code, authority.keys) }
        )
    }

    private func proceed(
        _ passage: Passage, _ verifier: RequestVerifier, _ presented: PresentedSignature, _ key: DeviceKey,
        _ finish: @escaping Finish
    ) {
        do throws(SigningRefusal) {
            // Of several signatures another one's time was checked so far.
            try verifier.checkTime(presented, now: passage.began / 1_000_000)
            guard key.isGood(at: passage.now) else {
                throw SigningRefusal(.unknownKey, "The key was revoked or has expired.")
            }
            guard key.profile == verifier.profile else {
                throw SigningRefusal(.keyNotForProfile, "The key is registered for \(key.profile.id).")
            }
            let start = authority.clock()
            let content = try verifier.content(presented, of: passage.message, key: key.verification)
            let canonical = authority.clock()
            let verified = try verifier.verify(presented, content, key: key.verification)
            times.record((.canonical, canonical - start), (.verify, authority.clock() - canonical))
            let token = verifier.replayToken(of: presented, in: passage.message)
            let fingerprint = nonces.fingerprint(keyID: key.stored.id, token: token)
            let admission = nonces.admit(
                fingerprint, stamped: verified.time, nonceLifetime: verifier.profile.nonceLifetime,
                now: passage.began / 1_000_000)
            if let refusal = admission.refusal {
                var replay = passage
                replay.earlierUse = admission.earlierUse
                return refuse(refusal, replay, finish)
            }
            let nonce = CallNonce(
                fingerprint: fingerprint,
                expires: passage.began / 1_000_000_000 + Int64(verifier.profile.nonceLifetime))
            decide(passage, key, verified, nonce, finish)
        } catch {
            refuse(error, passage, finish)
        }
    }

    /// Device, code, scope and address, in one transaction with the nonce and the entry.
    private func decide(
        _ passage: Passage, _ key: DeviceKey, _ verified: VerifiedCall, _ nonce: CallNonce,
        _ finish: @escaping Finish
    ) {
        var call = passage.call
        call.caller = .device(bindingID: key.stored.bindingID, codeIndex: key.stored.codeIndex)
        let message = passage.message
        let marks = BusinessMarks(
            of: message, passage.presented, verified.content, requestID: call.requestID)
        call.opter = marks.opter
        let scope = NeededScope.of(method: message.head.method.rawValue, path: message.route)
        let claim = Claim(now: passage.now, address: call.address)
        let data = self.data(passage, scope)
        let (start, arrival) = (authority.clock(), passage.began)
        do {
            try authority.decideIndexed(
                call, "call.admitted", "call", subject: "code", passage.dataKey
            ) { [times, authority] transaction, record -> Result<AdmittedCall, Refusal> in
                let began = authority.clock()
                defer {
                    let end = authority.clock()
                    times.record((.decide, end - began), (.checks, end - arrival))
                }
                guard let code = try transaction.code(index: key.stored.codeIndex),
                    let binding = try transaction.binding(id: key.stored.bindingID)
                else { return .failure(Refusal(.notFound)) }
                record.data = data
                record.about(code)
                record.serialNumber = marks.serialNumber
                let decided = code.code.validating(
                    claim, device: binding.device, presented: nil, scopes: [scope])
                guard binding.state == .bound else { return .failure(.released(decided.failure)) }
                // A nonce is used up by a refusal too.
                try transaction.insert(nonce)
                return decided.map { code in
                    AdmittedCall(
                        claims: AuthClaims(
                            verified, institution: key.institutionID.lowercased,
                            device: binding.id.lowercased, code: code.id.lowercased,
                            scopes: Set(code.scopes)),
                        scope: scope, message: message, content: verified.content, marks: marks,
                        binding: binding.id, codeIndex: key.stored.codeIndex)
                }
            } then: { [times, authority] outcome in
                times.record(.commit, authority.clock() - start)
                finish(
                    outcome.map { decided in
                        var admitted = decided.answer
                        admitted.index = decided.index
                        return admitted
                    })
            }
        } catch {
            finish(.failure(error))
        }
    }

    /// A refused signature is a decision too, and logged before it is answered.
    private func refuse(_ refusal: SigningRefusal, _ passage: Passage, _ finish: @escaping Finish) {
        if let key = passage.key {
            refused.keep(
                RefusedCall(
                    id: passage.call.requestID, at: passage.now, message: passage.message,
                    profile: passage.profile, keyID: key.stored.id, institutionID: key.institutionID,
                    refusal: refusal, earlierUse: passage.earlierUse,
                    noncesKnownSince: nonces.knownSince * 1000))
        }
        let marks = BusinessMarks(
            of: passage.message, passage.presented, nil, requestID: passage.call.requestID)
        do {
            try authority.logRefused(
                passage.call, refusal.code.rawValue, data(passage, nil), code: passage.key?.codeID, marks,
                passage.dataKey
            ) { outcome in
                finish(outcome.flatMap { _ in .failure(refusal) })
            }
        } catch {
            finish(.failure(error))
        }
    }

    /// What an entry says of a call: nothing that its parameters hold.
    private func data(_ passage: Passage, _ scope: String?) -> [String: JSON] {
        var data: [String: JSON] = [
            "method": .string(passage.message.head.method.rawValue),
            "path": .string(paths.redacted(passage.message.route.prefix(256))),
        ]
        if let profile = passage.profile { data["profile"] = .string(profile.id) }
        if let scope { data["scope"] = .string(scope) }
        if let key = passage.key {
            data["key_id"] = .string(key.stored.id)
            data["binding_id"] = JSON(key.stored.bindingID)
        } else if let named = passage.presented?.keyID ?? passage.namedKey {
            let id = String(named.prefix(128))
            data["key_id"] = .string(LoggedIdentifier.permits(id) ? id : "[REDACTED]")
        }
        return data
    }
}

extension NonceWindow.Admission {
    /// What the window was told of when it was made was used before this process.
    fileprivate var earlierUse: SignatureEvidence.EarlierUse? {
        switch self {
        case .replayed: .sameProcess
        case .replayedElsewhere: .beforeRestart
        case .admitted, .full, .unknown: nil
        }
    }
}
