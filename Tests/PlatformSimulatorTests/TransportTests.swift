import Foundation
import HTTPTypes
import InsurancePlatform
import NIOSSL
import PlatformSimulator
import RequestSigning
import Testing

@Suite("The platform's clients against the sandbox", .timeLimit(.minutes(10)))
struct TransportTests {
    enum Carrier: String, CaseIterable {
        case rest, restEnveloped, soap, soapEnveloped, soapWithGatewayToken, frames, framesEnveloped

        var profile: Profile? {
            switch self {
            case .rest: .v330
            case .restEnveloped, .soapEnveloped, .framesEnveloped: .envelope
            case .soap: .rfc9421
            case .soapWithGatewayToken: .tif
            case .frames: nil
            }
        }
    }

    private static func options(_ running: RunningSandbox, _ profile: Profile?) throws -> TransportOptions {
        let files = running.addresses.files
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(files.authority)
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(files.clientCertificate).map {
            .certificate($0)
        }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: files.clientKey, format: .pem))
        let credentials = running.sandbox.credentials
        let signature = try profile.map { profile in
            PlatformSignature(
                RequestSigner(profile, key: try #require(credentials.signingKey(for: profile))),
                answerKey: profile == .envelope ? credentials.envelopeAnswerKey.verificationKey : nil)
        }
        let token = running.client.token
        let configuration = tls
        return TransportOptions(
            tls: { configuration }, signature: signature, credential: { token },
            clock: { Int64(Date().timeIntervalSince1970 * 1000) })
    }

    /// Runs the body with a platform over this carrier.
    private static func with(
        _ carrier: Carrier, _ running: RunningSandbox,
        _ body: (any Platform) async throws -> Void
    ) async throws {
        var site = running.client.site
        let options = try options(running, carrier.profile)
        switch carrier {
        case .rest, .restEnveloped:
            if carrier == .restEnveloped { site.pathPrefix = "/epc/api/" }
            let platform = try RESTPlatform(site: site, options: options)
            try await finally({ try await body(platform) }) { try await platform.shutDown() }
        case .soap, .soapEnveloped, .soapWithGatewayToken:
            let platform = try SOAPPlatform(site: site, options: options)
            try await finally({ try await body(platform) }) { try await platform.shutDown() }
        case .frames, .framesEnveloped:
            let platform = try FramePlatform(site: site, options: options)
            try await finally({ try await body(platform) }) { await platform.shutDown() }
        }
    }

    private static func finally(
        _ work: () async throws -> Void, _ end: () async throws -> Void
    ) async throws {
        do { try await work() } catch {
            try? await end()
            throw error
        }
        try await end()
    }

    private static let sender = PlatformCall.Sender(id: "op1", name: "测试员")

    @Test(
        "persons are found, settlements booked and lost answers unknown, whatever carries them",
        arguments: Carrier.allCases)
    func carriers(carrier: Carrier) async throws {
        try await RunningSandbox.run { running in
            let person = try await running.person(6)
            let visit = try await Visit.open(running.client, person)
            try await Self.with(carrier, running) { platform in
                let found = try await platform.carry(
                    PersonQuery(mdtrtCertType: "02", mdtrtCertNo: person.certNo),
                    msgid: running.client.msgid(), sender: Self.sender)
                #expect(found.base.psnName == "𠮷野䶮")
                let settled = try await platform.carry(
                    Settlement(visit.request()), msgid: running.client.msgid(), sender: Self.sender,
                    insuplcAdmdvs: person.admdvs)
                #expect(settled.info.fundPaySumamt == ExactDecimal("100.00"))
                let cancel = SettlementCancel(
                    setlID: settled.info.setlID, mdtrtID: visit.mdtrtID, psnNo: person.psnNo)
                try running.sandbox.setFaults([Fault(.dropAfterCommit, infno: "2208", count: 1)])
                let lost = await #expect(throws: PlatformFailure.self) {
                    try await platform.carry(
                        cancel, msgid: running.client.msgid(), sender: Self.sender,
                        insuplcAdmdvs: person.admdvs)
                }
                guard case .unknown = lost else {
                    Issue.record("\(carrier): \(String(describing: lost))")
                    return
                }
                #expect(try await running.sandbox.ledgerSettlements().count == 2)
            }
        }
    }

    @Test("a refused token is not sent, whatever carries the call", arguments: Carrier.allCases)
    func unauthorized(carrier: Carrier) async throws {
        try await RunningSandbox.run { running in
            try await running.sandbox.revokeTokens()
            try await Self.with(carrier, running) { platform in
                let refused = await #expect(throws: PlatformFailure.self) {
                    try await platform.carry(
                        PersonQuery(mdtrtCertType: "03", mdtrtCertNo: "HF00000001"),
                        msgid: running.client.msgid(), sender: Self.sender)
                }
                guard case .notSent(.unauthorized, _) = refused else {
                    Issue.record("\(carrier): \(String(describing: refused))")
                    return
                }
            }
        }
    }

    @Test("the service describes itself")
    func description() async throws {
        try await RunningSandbox.run { running in
            let wsdl = try await running.client.send(
                .init(.init(method: .get, scheme: "https", authority: nil, path: "/soap?wsdl")))
            #expect(wsdl.text.contains("\(running.addresses.base)/soap"))
        }
    }
}
