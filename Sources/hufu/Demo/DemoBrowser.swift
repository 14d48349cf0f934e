import ActivationClient
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import PlatformSimulator
import RequestSigning

/// The person at the sandbox's login page, as a browser would be: opens the address, fills in the form, and is
/// sent back with a code.
struct DemoBrowser {
    let sandbox: Sandbox
    let addresses: SandboxAddresses

    /// The redirect's parameters: `code`, `state`, `iss`.
    func login(at url: String) async throws -> [String: String] {
        var settings = TLSConfiguration.makeClientConfiguration()
        settings.trustRoots = .file(addresses.files.authority)
        var configuration = HTTPClient.Configuration(tlsConfiguration: settings)
        configuration.redirectConfiguration = .disallow
        let http = HTTPClient(configuration: configuration)
        do {
            let answer = try await submit(url, http)
            try await http.shutdown()
            return answer
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    private func submit(_ url: String, _ http: HTTPClient) async throws -> [String: String] {
        let password = sandbox.credentials.password.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        var form = URLComponents()
        form.queryItems = [
            URLQueryItem(name: "username", value: sandbox.credentials.userName),
            URLQueryItem(name: "password", value: password),
        ]
        // The page's hidden fields repeat the address's own parameters.
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.body = .bytes(ByteBuffer(string: form.percentEncodedQuery ?? ""))
        let response = try await http.execute(request, timeout: .seconds(10))
        guard let location = response.headers.first(name: "Location"),
            let items = URLComponents(string: location)?.queryItems
        else { throw UnexpectedAnswer("the login page answered \(response.status.code)") }
        return items.reduce(into: [:]) { $0[$1.name] = $1.value }
    }
}
