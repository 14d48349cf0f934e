import InsurancePlatform
import NIOHTTP1
import RequestSigning
import Synchronization

/// Where calls of every face come in: certificate, token, signature, envelope, and then the business, with the
/// faults in between. Each check's result goes into the traffic.
struct PlatformDoor: Sendable {
    let desk: BusinessDesk
    let ledger: Ledger
    let signatures: SignatureDesk
    let tokens: TokenBook
    let faults: FaultPlan
    let time: SandboxTime
    let feed: TrafficFeed
    let form: FsiResponse.Form
    let sequence: CallSequence
    /// Signs what the envelope face answers.
    let answerSigner: RequestSigner

    // MARK: The checks

    func requireCertificate(_ request: SandboxRequest, _ record: inout TrafficRecord) throws(DoorRefusal) {
        guard let certificate = request.clientCertificate else {
            record.checks.append(TrafficCheck("tls", .failed, "no client certificate"))
            throw DoorRefusal(
                .forbidden, "client_certificate_missing",
                "No client certificate was shown: present one that the sandbox's ca.pem has issued "
                    + "(client/client.pem). 请使用沙箱 CA 签发的客户端证书。")
        }
        record.checks.append(TrafficCheck("tls", .passed, "client certificate verified: \(certificate)"))
    }

    /// The token behind `Authorization: Bearer`, unless it is given.
    func requireToken(
        _ header: String?, infno: String?, _ record: inout TrafficRecord
    ) throws(DoorRefusal) {
        do {
            try checkToken(header, infno: infno)
            record.checks.append(TrafficCheck("token", .passed))
        } catch {
            record.checks.append(TrafficCheck("token", .failed, error.code))
            throw error
        }
    }

    private func checkToken(_ header: String?, infno: String?) throws(DoorRefusal) {
        guard let header, header.lowercased().hasPrefix("bearer ") else {
            throw DoorRefusal(
                .unauthorized, "token_missing", "Authorization: Bearer … is due", isToken: true)
        }
        guard let access = tokens.access(String(header.dropFirst(7)), now: time.now) else {
            throw DoorRefusal(
                .unauthorized, "token_invalid", "the token is unknown, revoked or over", isToken: true)
        }
        guard let infno else { return }
        let needed = Self.scope(of: infno)
        guard access.grants(needed) else {
            throw DoorRefusal(.forbidden, "insufficient_scope", "the token lacks \(needed)")
        }
    }

    /// Looking needs `patient.read`, everything else `claim.write`.
    static func scope(of infno: String) -> String {
        switch BusinessDesk.base(infno) {
        case "1101", "1312", "5203": "patient.read"
        default: "claim.write"
        }
    }

    func requireSignature(
        _ message: HTTPMessage, _ record: inout TrafficRecord
    ) throws(DoorRefusal) -> VerifiedCall {
        do {
            let call = try signatures.verify(message)
            record.checks.append(TrafficCheck("signature", .passed, "\(call.profile.id), key \(call.keyID)"))
            return call
        } catch {
            record.checks.append(TrafficCheck("signature", .failed, "\(error.code): \(error.detail)"))
            record.explanation = error.explanation
            throw error
        }
    }

    // MARK: Traffic

    func note(_ record: TrafficRecord, status: Int, since start: ContinuousClock.Instant) {
        var record = record
        record.status = status
        let duration = ContinuousClock.now - start
        record.microseconds =
            duration.components.seconds * 1_000_000 + duration.components.attoseconds / 1_000_000_000_000
        feed.add(record)
    }
}

/// Numbers the answers.
final class CallSequence: Sendable {
    private let count = Atomic<UInt64>(0)

    func next() -> UInt64 { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
