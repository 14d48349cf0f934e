import HTTPTypes
import InsurancePlatform
import NIOHTTP1
import RequestSigning

/// SOAP 1.1: one operation that carries the fsi envelope (docs/formats/platform-soap.md).
extension PlatformDoor {
    func soap(_ request: SandboxRequest, _ record: inout TrafficRecord) async -> SandboxReply {
        if request.method == .get {
            guard request.target.hasSuffix("?wsdl") || request.target.hasSuffix("?WSDL") else {
                return .text(.methodNotAllowed, type: "text/plain", "POST, or GET /soap?wsdl\n")
            }
            let authority = request.message.head.authority ?? "localhost"
            return .text(
                type: "text/xml", PlatformWSDL.text(endpoint: "https://\(authority)/soap"))
        }
        let carried: CarriedCall
        do {
            try requireCertificate(request, &record)
            let body = try SOAPRequest(parsing: request.body)
            carried = try await soap(request, body, &record)
        } catch let refusal as DoorRefusal {
            carried = .refused(refusal)
        } catch let fault as SOAPFault {
            record.checks.append(TrafficCheck("envelope", .failed, fault.message))
            return Self.xml(.internalServerError, try? fault.encode())
        } catch { carried = .failed(500) }
        return Self.reply(carried)
    }

    /// A signature covers the HTTP body as it is sent, or, where its profile is one over JSON, the JSON inside.
    private func soap(
        _ request: SandboxRequest, _ body: SOAPRequest, _ record: inout TrafficRecord
    ) async throws -> CarriedCall {
        let addressed = BusinessDesk.base(body.infno)
        let header = request.header("authorization")
        let isOverHTTP = request.message.head.headerFields.contains { field in
            field.name.canonicalName == "signature-input" || field.name.canonicalName.hasPrefix("_api_")
        }
        if isOverHTTP {
            _ = try requireSignature(request.message, &record)
            return await carry(body.body, addressed: addressed, authorization: header, &record)
        }
        let inner = HTTPMessage(request.message.head, body: body.body)
        return await carry(
            try requireSignature(inner, &record), addressed: addressed, authorization: header, &record)
    }

    private static func reply(_ carried: CarriedCall) -> SandboxReply {
        switch carried {
        case .answer(let bytes): return xml(.ok, try? SOAPResponse(body: bytes).encode())
        case .half(let bytes):
            let whole = (try? SOAPResponse(body: bytes).encode()) ?? bytes
            return SandboxReply(fields: [("content-type", "text/xml; charset=utf-8")], body: .half(whole))
        case .lost: return .lost
        case .failed(let status):
            let fault = SOAPFault(.server, "sandbox fault", detailCode: "server_error")
            return xml(.init(statusCode: status), try? fault.encode())
        case .refused(let refusal):
            let code = refusal.isUnauthorized ? "unauthorized" : refusal.code
            let fault = SOAPFault(.client, refusal.detail, detailCode: code)
            return xml(.internalServerError, try? fault.encode())
        }
    }

    private static func xml(_ status: HTTPResponseStatus, _ bytes: [UInt8]?) -> SandboxReply {
        SandboxReply(
            bytes == nil ? .internalServerError : status,
            fields: [("content-type", "text/xml; charset=utf-8")], body: .whole(bytes ?? []))
    }
}
