import AsyncHTTPClient
import AuditLog
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import PlatformSimulator
import RequestSigning

/// The person at the sandbox's login page: fills in the form and is sent back with a code.
enum SandboxBrowser {
    struct NoRedirect: Error {
        let status: UInt
    }

    /// What `POST /v1/platform/login/callback` takes.
    static func login(at url: String, _ host: SandboxHost) async throws -> JSON {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.trustRoots = .file(host.addresses.files.authority)
        let http = HTTPClient(
            configuration: .init(tlsConfiguration: settings, redirectConfiguration: .disallow))
        do {
            let answer = try await submit(url, http, host.sandbox.credentials)
            try await http.shutdown()
            return answer
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private static func submit(
        _ url: String, _ http: HTTPClient, _ credentials: SandboxCredentials
    ) async throws -> JSON {
        let password = credentials.password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(
            ByteBuffer(string: "username=\(credentials.userName)&password=\(password)"))
        let response = try await http.execute(request, timeout: .seconds(10))
        guard let location = response.headers.first(name: "Location"),
            let items = URLComponents(string: location)?.queryItems
        else { throw NoRedirect(status: response.status.code) }
        return items.reduce(into: [:]) { $0[$1.name] = $1.value.map { .string($0) } }
    }
}
