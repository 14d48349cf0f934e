import AsyncHTTPClient
import Foundation
import InsurancePlatform
import NIOCore
import NIOHTTP1
import Testing

@Suite("The redirect to this machine", .timeLimit(.minutes(10)), .serialized)
struct LoopbackRedirectTests {
    private static func get(_ url: String, host: String? = nil) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: url)
        if let host { request.headers.add(name: "Host", value: host) }
        let answer = try await LoginScene.browser.execute(request, timeout: .seconds(10))
        return (Int(answer.status.code), String(buffer: try await answer.body.collect(upTo: 10_000)))
    }

    @Test("A whole login: the browser comes back to the waiting program, which gets a token for its code")
    func wholeLogin() async throws {
        try await LoginScene.run {
            $0.redirect = "http://127.0.0.1:18791/callback"
        } body: { scene in
            let url = try scene.client.beginLogin()
            let redirect = try LoopbackRedirect(
                try RedirectURI("http://127.0.0.1:18791/callback"),
                state: scene.parameters(url)["state"] ?? "")
            let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
            let waiting = Task {
                try await redirect.wait(patience: .seconds(20)) { isListening.yield() }
            }
            _ = await listening.first { true }
            let base = "http://127.0.0.1:18791"
            // Whatever else comes is turned away, and the program waits on.
            for wrong in [
                "/", "/callback", "/callback?code=c&state=other", "/callback?error=access_denied",
                "/callback/?code=c&state=x", "/callback?code=c&code=d&state=x",
            ] {
                #expect(try await Self.get(base + wrong).status == 404, "\(wrong)")
            }
            let back = try await scene.browse(url)
            #expect(try await Self.get(back, host: "evil.example:18791").status == 404)
            let page = try await Self.get(back)
            #expect(page.status == 200 && page.body.contains("登录已完成"))
            let arrival = try await waiting.value
            #expect(arrival.issuer == scene.server.base)
            let token = try await scene.client.exchange(
                code: arrival.code, state: arrival.state, issuer: arrival.issuer)
            #expect(token.access.exposed.hasPrefix("access-"))
        }
    }

    @Test("A refusal by the person ends the waiting with the server's word")
    func refusal() async throws {
        let redirect = try LoopbackRedirect(try RedirectURI("http://127.0.0.1:18792/callback"), state: "s")
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task { try await redirect.wait(patience: .seconds(20)) { isListening.yield() } }
        _ = await listening.first { true }
        _ = try await Self.get("http://127.0.0.1:18792/callback?error=access_denied&state=s")
        let failure = await waiting.result
        guard case .failure(let error as TokenFailure) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(error == TokenFailure(.refused, "access_denied"))
    }

    @Test("Nobody comes: the waiting ends, and the port is free again")
    func patience() async throws {
        let redirect = try LoopbackRedirect(try RedirectURI("http://127.0.0.1:18793/callback"), state: "s")
        for _ in 0..<2 {
            do throws(TokenFailure) {
                _ = try await redirect.wait(patience: .milliseconds(50))
                Issue.record("nobody came")
            } catch {
                #expect(error.code == .timeout)
            }
        }
    }

    @Test("An address from a browser's address bar does as well, if it is the redirect's")
    func pasted() throws {
        let redirect = try RedirectURI("http://127.0.0.1:18794/callback")
        let arrival = try LoginArrival(
            at: "http://127.0.0.1:18794/callback?code=a%2Bb&state=s+t", redirect, state: "s t")
        #expect(arrival.code.exposed == "a+b" && arrival.state == "s t" && arrival.issuer == nil)
        for wrong in [
            "", "http://127.0.0.1:18794/callback", "http://127.0.0.1:18795/callback?code=c&state=s+t",
            "http://127.0.0.1:18794/callback?code=c&state=s", "http://127.0.0.1:18794/callback?state=s+t",
            "https://127.0.0.1:18794/callback?code=c&state=s+t",
        ] {
            #expect(throws: TokenFailure.self) { try LoginArrival(at: wrong, redirect, state: "s t") }
        }
    }

    @Test("A redirect to an https page is pasted, in whatever spelling the browser shows")
    func page() throws {
        let redirect = try RedirectURI("https://HIS.example:443")
        for shown in [
            "https://HIS.example:443?code=c&state=s&iss=i", "https://his.example/?code=c&state=s&iss=i",
            "https://his.example/?code=c&state=s&iss=i#top",
        ] {
            let arrival = try LoginArrival(at: shown, redirect, state: "s")
            #expect(arrival.code.exposed == "c" && arrival.issuer == "i", "\(shown)")
        }
        for wrong in [
            "https://his.example/login?code=c&state=s", "https://his.example:8443/?code=c&state=s",
            "https://other.example/?code=c&state=s", "https://me@his.example/?code=c&state=s",
            "https://his.example/#?code=c&state=s",
        ] {
            #expect(throws: TokenFailure.self) { try LoginArrival(at: wrong, redirect, state: "s") }
        }
        #expect(throws: TokenFailure.self) { try LoopbackRedirect(redirect, state: "s") }
    }
}
