import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import InsurancePlatform
import RequestSigning
import Storage

/// Admitted calls on their way to the national platform and back: docs/formats/platform-calls.md.
struct PlatformCalls: Sendable {
    let authority: Authority
    let platform: NationalPlatform

    /// Carries a call and logs how it went, before the answer goes back.
    func answer(to admitted: AdmittedCall, _ call: Call) async throws -> Reply {
        let business = try PlatformRequest(admitted, platform).call()
        if MoneyRules.isJournalled(business.infno) {
            return try await settle(business, admitted, call)
        }
        let began = authority.clock()
        let result: Result<PlatformAnswer, PlatformFailure>
        do throws(PlatformFailure) {
            result = .success(try await platform.carrier.carry(business))
        } catch {
            result = .failure(error)
        }
        var data: [String: JSON] = [
            "infno": .string(business.infno), "msgid": .string(business.msgid),
            "duration_ms": JSON(Int((authority.clock() - began) / 1_000_000)),
        ]
        switch result {
        case .success(let answer):
            platform.signIns?.note(business, answer)
            data["infcode"] = JSON(answer.infcode)
            try await authority.logAnswered(
                call, admitted, outcome: answer.isSuccess ? .success : .refused,
                reason: answer.isSuccess ? nil : "refused_by_platform", msgid: business.msgid, data)
            return reply(answer, business.msgid)
        case .failure(let failure):
            try await authority.logAnswered(
                call, admitted, outcome: .failure, reason: failure.reason.rawValue, msgid: business.msgid,
                data)
            throw failure.problem(isRepeatable: CallClass(infno: business.infno) == .query)
        }
    }

    /// A money call goes through the journal, which logs it.
    private func settle(
        _ business: PlatformCall, _ admitted: AdmittedCall, _ call: Call
    ) async throws -> Reply {
        guard let institution = UUID(uuidString: admitted.claims.institution) else {
            throw InputError.unauthenticated
        }
        var caller = call
        caller.caller = .device(bindingID: admitted.binding, codeIndex: admitted.codeIndex)
        let settled = try await platform.desk.settlements.carry(
            business, by: caller, fixmedinsCode: platform.site.fixmedinsCode,
            institution: institution, idempotencyKey: admitted.message.head.headerFields[.idempotencyKey])
        var reply: Reply
        switch settled.outcome {
        case .settled(let answer), .refused(let answer): reply = self.reply(answer, settled.msgid)
        case .unknown: reply = Reply(status: .accepted, type: "application/json", bytes: settled.text)
        case .notCarriedOut(let reason):
            throw Problem(
                status: reason == PlatformFailure.Reason.badRequest.rawValue ? 400 : 503, code: reason,
                title: "The call was not carried out",
                detail: "nothing reached the platform: the same call may be sent again",
                members: ["outcome": "not_carried_out", "msgid": .string(settled.msgid)])
        case .notSettled, .reversed, .unresolved:
            throw Problem(
                status: 409, code: "settlement_\(settled.outcome.name)",
                title: "The call is not, or not yet, a settlement",
                detail: "see the link for what became of it",
                members: [
                    "outcome": .string(settled.outcome.name), "msgid": .string(settled.msgid),
                    "link": .string(settled.link),
                ])
        }
        reply.headers[.location] = settled.link
        reply.headers[.outcome] = settled.outcome.name
        return reply
    }

    /// An answer as the platform's own, amounts in the text they came in.
    private func reply(_ answer: PlatformAnswer, _ msgid: String) -> Reply {
        let now = authority.clock() / 1_000_000
        let response = FsiResponse(
            infcode: answer.infcode, refMessageID: answer.refMessageID, received: now, responded: now,
            message: answer.message, output: answer.output)
        var reply = Reply(status: .ok, type: "application/json", bytes: response.encode())
        reply.headers[.messageID] = msgid
        return reply
    }
}

extension PlatformFailure {
    /// For calls that aren't in the journal.
    func problem(isRepeatable: Bool) -> Problem {
        let status =
            switch reason {
            case .badRequest: 400
            case .circuitOpen, .overloaded, .noToken: 503
            case .timeout: 504
            default: 502
            }
        let told =
            switch self {
            case .notSent: "it was not carried out"
            case .unknown where isRepeatable: "it changes nothing and may be sent again"
            case .unknown: "whether it was carried out is not known: ask before sending it again"
            }
        let reason = reason == .badRequest ? "\(detail); \(told)" : told
        var problem = Problem(
            status: status, code: self.reason.rawValue, title: "The platform gave no answer", detail: reason)
        if status == 503 { problem.headers = [("Retry-After", "5")] }
        return problem
    }

    private var detail: String {
        switch self {
        case .notSent(_, let detail), .unknown(_, let detail): detail
        }
    }
}

extension HTTPField.Name {
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("a field name of our own") }
        return name
    }

    static let outcome = known("X-Hufu-Outcome")
    static let messageID = known("X-Hufu-Msgid")
}
