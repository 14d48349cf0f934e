import ActivationCodes
import AuditLog
import Foundation
import HufuServer
import Testing

@Suite("Rate limits")
struct RateLimitTests {
    /// A code of the right form that nobody issued.
    private static let unknown: [String] = (try? CodeGenerator.some(40)) ?? []

    @Test("More attempts from one source than allowed give 429 with Retry-After, and waiting helps")
    func perSource() async throws {
        try await RunningServer.run(clock: .frozen) {
            $0.attemptsPerSource = 60
        } scenario: { server in
            let code = try await server.issueCode(policy: ["usage_limit": nil]).code
            server.clock.advance(seconds: 120)
            var granted = 0
            var refused: Answer?
            while refused == nil, granted < 100 {
                let answer = try await server.validate(code)
                if answer.status == 429 { refused = answer } else { granted += 1 }
            }
            #expect(granted == 60)
            let answer = try #require(refused)
            #expect(
                answer.code == "rate_limited" && answer.header("content-type") == "application/problem+json")
            let wait = try #require(answer.header("retry-after").flatMap { Double($0) })
            #expect(wait >= 1 && wait <= 60)
            // A route without secrets is not hindered.
            #expect(try await server.request("GET", "/log/checkpoint").status == 200)
            server.clock.advance(seconds: wait)
            #expect(try await server.validate(code).status != 429)
            #expect(try await server.request("GET", "/metrics").text.contains("hufu_rate_limited_total"))
        }
    }

    @Test("One code has a limit of its own, wherever the attempts come from")
    func perCode() async throws {
        try await RunningServer.run(clock: .frozen) { configuration in
            configuration.attemptsPerCode = 10
            configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            let codes = [try await server.issueCode().code, try await server.issueCode().code]
            var statuses: [Int] = []
            for number in 0..<15 {
                let headers = ["X-Forwarded-For": "203.0.113.\(number)"]
                statuses.append(try await server.validate(codes[0], headers: headers).status)
            }
            #expect(statuses.prefix(10).allSatisfy { $0 != 429 })
            #expect(statuses.suffix(3).allSatisfy { $0 == 429 })
            // Another spelling is the same code; another code is not hindered.
            #expect(try await server.validate(codes[0].lowercased()).status == 429)
            #expect(try await server.validate(codes[1]).status != 429)
        }
    }

    @Test("A device that calls with its token has that limit too, for validations and uses together")
    func perDevice() async throws {
        try await RunningServer.run(clock: .frozen) { configuration in
            configuration.attemptsPerCode = 10
            configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            let code = try await server.issueCode(policy: ["usage_limit": 100, "device_limit": 2])
            var tokens: [String] = []
            for machine in 1...2 {
                tokens.append(
                    try await server.bind(TestDevice(machine: machine), code).string("access_token"))
            }
            var answers: [Answer] = []
            for number in 0..<12 {
                let isUse = number.isMultiple(of: 2)
                answers.append(
                    try await server.request(
                        "POST", isUse ? "/v1/usage" : "/v1/validations", token: tokens[0],
                        body: isUse ? ["amount": 1] : [:],
                        headers: ["X-Forwarded-For": "203.0.113.\(number)"]))
            }
            #expect(answers.map(\.status) == Array(repeating: 200, count: 10) + [429, 429])
            #expect(answers.last?.code == "rate_limited" && answers.last?.header("retry-after") != nil)
            let other = try await server.request("POST", "/v1/validations", token: tokens[1], body: [:])
            #expect(other.status == 200)
            server.clock.advance(seconds: 7)
            let later = try await server.request("POST", "/v1/validations", token: tokens[0], body: [:])
            #expect(later.status == 200)
        }
    }

    @Test("Whoever guesses codes is slowed down far more than whoever knows his")
    func guessing() async throws {
        try await RunningServer.run(clock: .frozen) { configuration in
            configuration.attemptsPerSource = 200
            configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            let code = try await server.issueCode().code
            #expect(Self.unknown.count == 40)
            let guesser = ["X-Forwarded-For": "198.51.100.7"]
            var guesses = 0
            for guess in Self.unknown {
                let answer = try await server.activate(guess, headers: guesser)
                if answer.status == 429 { break }
                #expect(answer.status == 404)
                guesses += 1
            }
            #expect(guesses == 10, "\(guesses) guesses were free")
            #expect(try await server.validate(code, headers: guesser).status == 429)
            let honest = ["X-Forwarded-For": "198.51.100.8"]
            for _ in 0..<50 { #expect(try await server.validate(code, headers: honest).status != 429) }
        }
    }

    @Test(
        "Wrong passwords and wrong tokens are slowed down like wrong codes",
        arguments: ["password", "bearer", "refresh"])
    func guessingCredentials(kind: String) async throws {
        try await RunningServer.run(clock: .frozen) { configuration in
            configuration.attemptsPerSource = 200
            configuration.trustedProxies = ["127.0.0.0/8"].compactMap { AddressRange($0) }
        } scenario: { server in
            try await server.prepare(.admin)
            let guesser = ["X-Forwarded-For": "198.51.100.9"]
            var statuses: [Int] = []
            for number in 0..<20 {
                let answer =
                    switch kind {
                    case "password":
                        try await server.request(
                            "POST", "/v1/tokens",
                            body: [
                                "name": .string(Staff.admin.name), "password": .string("wrong \(number)"),
                            ],
                            headers: guesser)
                    case "bearer":
                        try await server.request(
                            "GET", "/v1/codes", token: "guess.\(number)", headers: guesser)
                    default:
                        try await server.request(
                            "POST", "/v1/tokens/refresh", body: ["refresh_token": .string("guess \(number)")],
                            headers: guesser)
                    }
                statuses.append(answer.status)
            }
            #expect(statuses.first == 401 && statuses.last == 429)
            #expect(statuses.filter { $0 == 401 }.count <= 12)
        }
    }
}

extension CodeGenerator {
    fileprivate static func some(_ count: Int) throws -> [String] {
        var generator = CodeGenerator(entropy: .system)
        return try generator.next(count).map(\.text)
    }
}
