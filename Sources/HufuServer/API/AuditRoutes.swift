import AuditLog
import Crypto
import Foundation
import HTTPTypes
import HummingbirdCore
import Storage

extension HTTPDoor {
    /// The log: entries for auditors, and for anybody what an outsider needs to verify it.
    var auditRoutes: [Route] {
        [
            Route(
                method: .get, path: "/v1/audit/entries", access: .operators([.admin, .auditor]),
                summary: "Search the log; personal values are masked, and the reading is logged",
                tag: "Audit",
                answer: "Entry",
                query: [
                    "event", "outcome", "subject_id", "application_id", "since", "until", "order", "limit",
                    "cursor",
                ]
            ) { request in
                let page = try request.indexPage()
                let items = try await authority.entries(
                    request.call, request.entryFilter(), page, newestFirst: request.query("order") != "oldest"
                )
                return .list(items, page) { "\($0.index)" }
            },
            Route(
                method: .get, path: "/v1/audit/entries/{index}", access: .operators([.admin, .auditor]),
                summary: "Show an entry", tag: "Audit", answer: "Entry"
            ) { request in .json(try await authority.entry(request.call, index: request.index())) },
            Route(
                method: .get, path: "/v1/audit/entries/{index}/proof", access: .anybody,
                summary: "The proof that an entry stands in the log (c2sp.org/tlog-proof@v1)", tag: "Audit",
                mediaType: "text/plain"
            ) { request in
                .init(body: .text(try await proof(request.index()), type: "text/plain; charset=utf-8"))
            },
            Route(
                method: .get, path: "/log/checkpoint", access: .anybody, summary: "The signed checkpoint",
                tag: "Log", mediaType: "text/plain"
            ) { _ in
                guard let latest = sequencer.latest else { throw InputError.notSequenced }
                return APIAnswer(
                    headers: [.cacheControl: "no-cache"],
                    body: .text(latest.note, type: "text/plain; charset=utf-8"))
            },
            Route(
                method: .get, path: "/log/verifier.key", access: .anybody,
                summary: "The key that verifies the log (C2SP vkey)", tag: "Log", mediaType: "text/plain"
            ) { _ in .init(body: .text(verifierKey + "\n", type: "text/plain; charset=utf-8")) },
            Route(
                method: .get, path: "/log/tile/entries/{path...}", access: .entryBundles,
                summary: "An entry bundle", tag: "Log", mediaType: "application/octet-stream"
            ) { request in try await tile(request) },
            Route(
                method: .get, path: "/log/tile/{level}/{path...}", access: .anybody, summary: "A hash tile",
                tag: "Log", mediaType: "application/octet-stream"
            ) { request in try await tile(request) },
            Route(
                method: .get, path: "/v1/keys", access: .anybody,
                summary: "The public keys of leases and of the log", tag: "Keys", answer: "Keys"
            ) { _ in
                let key: JSON = [
                    "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                    "kid": .string(authority.keys.leaseKeyID),
                    "x": .string(authority.keys.lease.publicKey.rawRepresentation.base64URL),
                ]
                return .init(
                    body: .json([
                        "keys": [key],
                        "log": [
                            "origin": .string(configuration.origin), "verifier_key": .string(verifierKey),
                        ],
                    ]))
            },
        ]
    }

    /// Tiles never change: a partial one is another path.
    private func tile(_ request: APIRequest) async throws -> APIAnswer {
        let path = String(request.uri.path.dropFirst("/log/".count))
        guard TilePath.parse(path) != nil, let bytes = try await tiles.read(path) else {
            throw InputError.notFound("tile")
        }
        return APIAnswer(
            headers: [.cacheControl: "public, max-age=31536000, immutable"],
            body: .bytes(bytes, type: "application/octet-stream"))
    }

    private func proof(_ index: Int) async throws -> String {
        guard let latest = sequencer.latest, index < latest.head.size else { throw InputError.notSequenced }
        let path = try await Proof.inclusion(of: index, in: latest.head, reader: tiles)
        return LogProof(index: index, path: path, checkpoint: latest.note).encoded
    }
}

extension APIRequest {
    fileprivate func index() throws -> Int {
        guard let index = Int(try parameter("index")), index >= 0, index < 1 << 40 else {
            throw InputError.notFound("entry: an index is a number from 0")
        }
        return index
    }

    fileprivate func entryFilter() throws -> EntryFilter {
        var filter = EntryFilter()
        filter.event = query("event")
        filter.outcome = try choice("outcome", query("outcome"), AuditEntry.Outcome.self)?.rawValue
        // UUIDs in either case; other subjects, such as a settlement's msgid, as they are.
        filter.subjectID = query("subject_id").map { UUID(uuidString: $0)?.lowercased ?? $0 }
        filter.applicationID = try queryID("application_id")
        filter.since = try queryMoment("since")
        filter.until = try queryMoment("until")
        return filter
    }

    private func queryMoment(_ name: String) throws -> Date? {
        try query(name).flatMap { try JSON.object([name: .string($0)]).moment(name) }
    }
}
