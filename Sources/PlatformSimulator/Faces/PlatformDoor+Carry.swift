import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// A call behind the checks of its face.
extension PlatformDoor {
    /// The faults that act on a call, in the order in which they act.
    private struct Strikes {
        let faults: [Fault]

        subscript(kind: Fault.Kind) -> Fault? { faults.first { $0.kind == kind } }
    }

    /// A verified call. Who sends an envelope gets one: encrypted, and signed by the platform's key.
    func carry(
        _ call: VerifiedCall, addressed: String?, authorization header: String?,
        _ record: inout TrafficRecord
    ) async -> CarriedCall {
        let carried = await carry(
            call.content.body, addressed: addressed, authorization: header, &record)
        guard call.profile == .envelope else { return carried }
        func seal(_ bytes: [UInt8]) throws(SigningRefusal) -> [UInt8] {
            let head = HTTPRequest(method: .post, scheme: "https", authority: nil, path: "/")
            return try answerSigner.sign(HTTPMessage(head, body: bytes), at: time.now).body
        }
        do {
            switch carried {
            case .answer(let bytes): return .answer(try seal(bytes))
            case .half(let bytes): return .half(try seal(bytes))
            default: return carried
            }
        } catch { return .failed(500) }
    }

    /// - Parameters:
    ///   - envelope: the fsi envelope's JSON.
    ///   - addressed: the number that the address stands for; nil where it stands for none.
    ///   - header: the Authorization field.
    func carry(
        _ envelope: [UInt8], addressed: String?, authorization header: String?,
        _ record: inout TrafficRecord
    ) async -> CarriedCall {
        let received = time.now
        let call: BusinessCall
        do {
            call = BusinessCall(request: try FsiRequest(parsing: envelope), received: received)
        } catch {
            record.checks.append(TrafficCheck("envelope", .failed, error.sentence))
            if error.code == .invalidJSON {
                return .refused(DoorRefusal(.badRequest, error.code.rawValue, error.sentence))
            }
            return .answer(refusal(.field(error), received, &record))
        }
        record.infno = call.infno
        record.msgid = call.request.msgid
        do { try requireToken(header, infno: call.infno, &record) } catch { return .refused(error) }
        if let addressed, addressed != BusinessDesk.base(call.infno) {
            record.checks.append(TrafficCheck("envelope", .failed, "the address is that of \(addressed)"))
            return .answer(refusal(.wrongAddress, received, &record))
        }
        record.checks.append(TrafficCheck("envelope", .passed))
        return await carry(call, &record)
    }

    private func carry(_ call: BusinessCall, _ record: inout TrafficRecord) async -> CarriedCall {
        let strikes = Strikes(faults: faults.strikes(infno: call.infno, now: time.now))
        record.faults = strikes.faults.map(\.kind.rawValue)
        if let fault = strikes[.storm] { return .failed(fault.status) }
        if let fault = strikes[.http5xx], !fault.afterCommit { return .failed(fault.status) }
        if strikes[.tokenRevoked] != nil {
            _ = try? await tokens.revoke(withRefresh: false)
            return .refused(
                DoorRefusal(
                    .unauthorized, "token_invalid", "the token has just been revoked", isToken: true))
        }
        if strikes[.dropBeforeCommit] != nil { return .lost }
        if let fault = strikes[.delay], !fault.afterCommit { await Self.wait(fault.milliseconds) }
        var form = form
        if strikes[.infcodeType] != nil { form.infcodeAsString.toggle() }
        if strikes[.outputString] != nil { form.outputAsString = true }
        if strikes[.duplicate] != nil {
            var ignored = record
            _ = await answer(call, form, &ignored)
        }
        guard let bytes = await answer(call, form, &record) else { return .failed(500) }
        if let fault = strikes[.delay], fault.afterCommit { await Self.wait(fault.milliseconds) }
        if let fault = strikes[.http5xx] { return .failed(fault.status) }
        if strikes[.dropAfterCommit] != nil { return .lost }
        return strikes[.halfBody] != nil ? .half(bytes) : .answer(bytes)
    }

    /// Nil if the sandbox itself fails.
    private func answer(
        _ call: BusinessCall, _ form: FsiResponse.Form, _ record: inout TrafficRecord
    ) async -> [UInt8]? {
        do {
            let output = try await desk.carryOut(call, ledger)
            record.infcode = 0
            record.checks.append(TrafficCheck("business", .passed))
            return response(infcode: 0, message: nil, output, call.received).encode(form)
        } catch let refused as BusinessRefusal {
            return refusal(refused, call.received, &record, form)
        } catch {
            record.checks.append(TrafficCheck("business", .failed, "the sandbox failed: \(error)"))
            return nil
        }
    }

    private func refusal(
        _ refusal: BusinessRefusal, _ received: Int64, _ record: inout TrafficRecord,
        _ form: FsiResponse.Form? = nil
    ) -> [UInt8] {
        record.infcode = refusal.infcode
        record.checks.append(TrafficCheck("business", .failed, refusal.message))
        return response(infcode: refusal.infcode, message: refusal.message, .null, received)
            .encode(form ?? self.form)
    }

    private func response(
        infcode: Int, message: String?, _ output: ExactJSON, _ received: Int64
    ) -> FsiResponse {
        let now = time.now
        return FsiResponse(
            infcode: infcode,
            refMessageID: FsiResponse.referenceID(
                admdvs: desk.institution.admvs, now: now, sequence: sequence.next()),
            received: received, responded: now, message: message, output: output)
    }

    private static func wait(_ milliseconds: Int64) async {
        try? await Task.sleep(for: .milliseconds(max(0, milliseconds)))
    }
}
