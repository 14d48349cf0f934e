import ActivationCodes
package import AuditLog
import Foundation
package import InsurancePlatform
import Storage

/// The institution's login at the national platform: a person's once, in a browser; refresh tokens go on from
/// there. Every step is a decision with its entry in the log, which holds neither code nor token.
package struct PlatformLogin: Sendable {
    /// What the person does next.
    package struct Begun: Representable {
        /// To be opened in a browser, once, within ten minutes.
        package let url: String
        /// Where the browser comes back to.
        package let redirectURI: String

        package var json: JSON {
            ["url": .string(url), "redirect_uri": .string(redirectURI), "expires_in": 600]
        }
    }

    /// How it stands, as the API shows it.
    package struct Standing: Representable {
        package let site: String
        package let isLegacy: Bool
        package let status: TokenStatus

        package var json: JSON {
            var json: JSON = [
                "site": .string(site), "state": .string(status.state.rawValue), "legacy": .bool(isLegacy),
                "scopes": JSON(status.scopes), "saved": .bool(status.isSaved),
                "renewals": JSON(status.renewals), "failures": JSON(status.failures),
            ]
            json["expires_at"] = status.expiresAt.map { .string(RFC3339.string(unixMilliseconds: $0)) }
            json["renewal_at"] = status.renewalAt.map { .string(RFC3339.string(unixMilliseconds: $0)) }
            if let failure = status.lastFailure {
                json["last_failure"] = [
                    "code": .string(failure.code.rawValue), "detail": .string(failure.detail),
                ]
            }
            return json
        }
    }

    private let authority: Authority
    private let client: OAuth2Client
    private let tokens: TokenCache
    private let site: String

    /// - Parameters:
    ///   - tokens: the cache that the transports ask, of the same site.
    ///   - site: as the audit log names it: letters, digits, `.` and `-`.
    package init(authority: Authority, client: OAuth2Client, tokens: TokenCache, site: String) {
        self.authority = authority
        self.client = client
        self.tokens = tokens
        self.site = site
    }

    /// Begins a login. A legacy grant has none: `platform_login_not_needed`.
    package func begin(_ call: Call) async throws -> Begun {
        guard case .authorizationCode(let redirect) = client.configuration.grant else {
            throw Problem(
                status: 409, code: "platform_login_not_needed",
                title: "The configured grant is a legacy one: nobody logs in")
        }
        let begun = Begun(url: try client.beginLogin(), redirectURI: redirect.text)
        return try await authority.decide(call, "platform.login_begun", "log_in", subject: "platform") {
            [site, scopes = client.configuration.scopes] _, record in
            record.subject.id = site
            record.data["scopes"] = JSON(scopes)
            return .success(begun)
        }
    }

    /// Ends a login with what the browser brought back. The token is stored in the transaction of its entry;
    /// a refused login has an entry too.
    ///
    /// - Parameter issuer: the redirect's `iss`, where there was one.
    package func finish(_ call: Call, code: String, state: String, issuer: String? = nil) async throws
        -> Standing
    {
        let token: PlatformToken
        do throws(TokenFailure) {
            token = try await client.exchange(code: Redacted(code), state: state, issuer: issuer)
        } catch {
            try await logFailed(call, error)
            throw error.asProblem
        }
        do {
            try await tokens.adopt(token) { sealed, generation in
                try await write(call, token, sealed, replacing: generation)
            }
        } catch let failure as TokenFailure {
            throw failure.asProblem
        }
        return standing()
    }

    /// What was written before the start is looked up, nothing is asked of the platform.
    package func status() async throws -> Standing {
        if tokens.status().state == .missing {
            do throws(TokenFailure) { try await tokens.resume() } catch { throw error.asProblem }
        }
        return standing()
    }

    private func standing() -> Standing {
        Standing(site: site, isLegacy: client.configuration.grant.isLegacy, status: tokens.status())
    }

    /// Undoes the entry with the row where another token was written in between; `adopt` then comes again.
    private struct Overtaken: Error {}

    private func write(
        _ call: Call, _ token: PlatformToken, _ sealed: Data, replacing generation: Int64
    ) async throws -> Bool {
        do {
            _ = try await authority.decide(
                call, "platform.login_finished", "log_in", subject: "platform"
            ) { [site] transaction, record in
                record.subject.id = site
                record.data = [
                    "scopes": JSON(token.scopes), "refreshable": .bool(token.refresh != nil),
                    "expires_at": .string(RFC3339.string(unixMilliseconds: token.expiresAt)),
                ]
                guard
                    try transaction.savePlatformToken(site: site, sealed: sealed, replacing: generation)
                else { throw Overtaken() }
                return .success(Done())
            }
            return true
        } catch is Overtaken {
            return false
        }
    }

    private func logFailed(_ call: Call, _ failure: TokenFailure) async throws {
        let event = "platform.login_finished"
        let nanoseconds = authority.clock()
        let commitments = try await authority.personal.commit(
            call.personal, call, at: Date(unixMilliseconds: nanoseconds / 1_000_000))
        try await authority.store.write { [authority, site] transaction in
            var record = Record(subject: "platform")
            record.subject.id = site
            let entry = authority.entry(
                record, .failure, failure.code.rawValue, call, event, "log_in", commitments.values,
                nanoseconds)
            try authority.append(transaction, entry, commitments)
        }
        authority.committed()
        authority.counters.decided(event, failure.code.rawValue)
    }
}

extension TokenFailure {
    /// The one mapping to HTTP: what the caller sent, 400; what the platform said or didn't, 502 to 504.
    package var asProblem: Problem {
        let (status, title) =
            switch code {
            case .stateUnknown: (400, "No login waits for this answer")
            case .wrongIssuer: (400, "The answer comes from another server")
            case .loginNeeded: (409, "Somebody has to log in at the platform first")
            case .refused: (502, "The platform's authorization server refused")
            case .timeout: (504, "The platform's authorization server did not answer in time")
            case .storageFailed: (503, "The token can't be read or written")
            case .configuration: (500, "The login at the platform is not configured as it must be")
            case .unreachable, .tlsFailed, .serverError:
                (502, "The platform's authorization server can't be used")
            case .unreadableAnswer, .idTokenInvalid, .keyUnknown, .scopeReduced:
                (502, "The authorization server's answer does not hold")
            }
        return Problem(status: status, code: "platform_\(code.rawValue)", title: title, detail: detail)
    }
}
