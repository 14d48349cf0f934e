import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// The faces over HTTPS.
extension PlatformDoor {
    /// Nil for an address that is no face's.
    func answer(_ request: SandboxRequest) async -> SandboxReply? {
        let path = request.path
        if path.hasPrefix("/fsi/api/") || path == "/fsi/api" {
            return await exchange("fsi", request) { record in
                await fsi(request, named: String(path.dropFirst("/fsi/api/".count)), &record)
            }
        }
        if path.hasPrefix("/v3/") {
            return await exchange("v3", request) { record in await versioned(request, &record) }
        }
        if path.hasPrefix("/epc/api/") {
            return await exchange("epc", request) { record in await encrypted(request, &record) }
        }
        if path == "/soap" {
            return await exchange("soap", request) { record in await soap(request, &record) }
        }
        return nil
    }

    private func exchange(
        _ face: String, _ request: SandboxRequest,
        _ work: (inout TrafficRecord) async -> SandboxReply
    ) async -> SandboxReply {
        let start = ContinuousClock.now
        var record = TrafficRecord(
            at: time.now, face: face, target: "\(request.method.rawValue) \(request.path)")
        let reply = await work(&record)
        note(record, status: reply.sentStatus, since: start)
        return reply
    }

    /// The paths of section B, each for its number; `…/fsi/api/2207` and `…/fsi/api` take what the envelope
    /// names.
    private static let numbers: [String: String] = Dictionary(
        FsiSite.standardPaths.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })

    private func fsi(
        _ request: SandboxRequest, named name: String, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        let isNumber = name.utf8.count >= 4 && name.utf8.allSatisfy { $0 != UInt8(ascii: "/") }
        let addressed = Self.numbers[name] ?? (isNumber ? BusinessDesk.base(name) : nil)
        guard addressed != nil || name.isEmpty else {
            return DoorRefusal(.notFound, "not_found", "no transaction has this address").reply
        }
        do {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            return await carry(
                call, addressed: addressed, authorization: request.header("authorization"), &record
            ).reply
        } catch { return error.reply }
    }

    private func encrypted(
        _ request: SandboxRequest, _ record: inout TrafficRecord
    ) async -> SandboxReply {
        do throws(DoorRefusal) {
            try requireCertificate(request, &record)
            let call = try requireSignature(request.message, &record)
            guard call.profile == .envelope else {
                throw DoorRefusal(
                    .forbidden, "unknown_version", "this face takes the profile envelope alone")
            }
            return await carry(
                call, addressed: nil, authorization: request.header("authorization"), &record
            ).reply
        } catch { return error.reply }
    }
}
