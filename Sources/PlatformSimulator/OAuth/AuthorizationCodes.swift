import Crypto
import RequestSigning
import Synchronization

/// Codes that were given out and not yet exchanged: each is good once, for a minute.
final class AuthorizationCodes: Sendable {
    struct Grant: Sendable {
        let request: AuthorizationRequest
        let subject: String
        /// Unix milliseconds.
        let expires: Int64
    }

    private let grants = Mutex<[SHA256Digest: Grant]>([:])

    func issue(_ request: AuthorizationRequest, subject: String, now: Int64) -> String {
        let code = URLSafeBase64.text(SandboxCredentials.randomBytes(32))
        let grant = Grant(request: request, subject: subject, expires: now + 60_000)
        grants.withLock { grants in
            grants = grants.filter { $0.value.expires > now }
            grants[SHA256.hash(data: Array(code.utf8))] = grant
        }
        return code
    }

    /// The code is used up whatever comes of it.
    func take(_ code: String, redirectURI: String, verifier: String, now: Int64) throws -> Grant {
        let known = grants.withLock { $0.removeValue(forKey: SHA256.hash(data: Array(code.utf8))) }
        guard let grant = known, grant.expires > now else {
            throw OAuthError(.invalidGrant, "the code is unknown, used or older than a minute")
        }
        guard grant.request.redirectURI == redirectURI else {
            throw OAuthError(.invalidGrant, "redirect_uri is not the one the code was asked for with")
        }
        guard (43...128).contains(verifier.utf8.count),
            RequestSigning.SharedSecret(URLSafeBase64.text(SHA256.hash(data: Array(verifier.utf8))))
                == RequestSigning.SharedSecret(grant.request.challenge)
        else { throw OAuthError(.invalidGrant, "code_verifier doesn't fit code_challenge (S256)") }
        return grant
    }
}
