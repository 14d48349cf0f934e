import ActivationCodes
import Foundation
import HufuServer
import Logging
import Storage

/// A server in this process on a fresh directory, with an operator and as many codes as a benchmark needs.
struct BenchStage {
    let server: Server
    let call: Call

    init(
        directory: String, upstream: ServerConfiguration.Upstream = .none,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in },
        platform: (@Sendable (Authority) async throws -> NationalPlatform)? = nil
    ) async throws {
        var configuration = ServerConfiguration(dataDirectory: directory)
        configuration.port = 0
        configuration.upstream = upstream
        configuration.platform = platform
        // The limits stand, only higher: the load comes from one address.
        configuration.attemptsPerSource = 1_000_000_000
        configuration.attemptsPerCode = 1_000_000_000
        var logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        server = try await Server.opened(configuration, logger: logger, onRunning: onRunning)
        call = Self.call(.person(id: UUID(), name: "bench", roles: [.admin, .issuer]))
    }

    static func call(_ caller: Call.Caller) -> Call {
        let id = UUID().uuidString.lowercased()
        return Call(
            caller: caller, door: "cli", requestID: id, traceID: id.filter { $0 != "-" })
    }

    /// Issues a batch; nothing but the secrets is kept.
    @discardableResult
    func issue(_ count: Int, progress: ProgressBar? = nil) async throws -> [CodeSecret] {
        let authority = server.authority
        let name = "bench-" + String(UUID().uuidString.lowercased().prefix(8))
        let institution = try await authority.addInstitution(call, name: name, kind: .hospital, region: nil)
        guard let duration = ValidityPeriod("P365D") else { return [] }
        let policy = try await authority.setPolicy(call, .absent) { version in
            try Policy(
                name: name, version: version, duration: duration,
                scopes: ["claim.read", "claim.write", "patient.read"], approvals: 0)
        }
        var request = ApplicationRequest(institutionID: institution.id, policyName: policy.policy.name)
        request.quantity = count
        let application = try await authority.submit(call, request)
        let batch = try await authority.openBatch(call, application: application.application.id)
        let received = BenchReceiver(progress: progress, total: count)
        try await authority.streamBatch(call, batch, .csv) { text in await received.take(text) }
        _ = try await authority.confirmBatch(call, batch.id, digest: await received.digest)
        return await received.secrets
    }
}

/// The other end of a batch: keeps the codes and the digest that confirms them.
actor BenchReceiver {
    private let progress: ProgressBar?
    private let total: Int
    private(set) var secrets: [CodeSecret] = []
    private(set) var digest = Data()

    init(progress: ProgressBar?, total: Int) {
        self.progress = progress
        self.total = total
    }

    func take(_ text: String) {
        if text.hasPrefix("#"), let hex = text.split(separator: "sha256=").last?.prefix(64) {
            digest = Data(hexadecimal: String(hex)) ?? Data()
            progress?.finish()
            return
        }
        for line in text.split(separator: "\n") where !line.hasPrefix("index") {
            if let field = line.split(separator: ",").last, let secret = try? CodeSecret(parsing: field) {
                secrets.append(secret)
            }
        }
        progress?.update(secrets.count, of: total)
    }
}
