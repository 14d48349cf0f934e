import ActivationCodes
import AuditLog
import Foundation
import HTTPTypes
import Storage

extension Authority {
    var codeRoutes: [Route] {
        [
            Route(
                method: .get, path: "/v1/codes", access: .anyOperator, summary: "List codes", tag: "Codes",
                answer: "CodeDetail",
                query: ["state", "institution_id", "application_id", "batch_id", "policy", "limit", "cursor"]
            ) { request in
                let page = try request.indexPage()
                return .list(try await codes(request.codeFilter(), page), page) { "\($0.stored.code.index)" }
            },
            Route(
                method: .get, path: "/v1/codes/{id}", access: .anyOperator, summary: "Show a code",
                tag: "Codes",
                answer: "CodeDetail"
            ) { request in .json(try await code(request.id())) },
            Route(
                method: .get, path: "/v1/codes/{id}/timeline", access: .anyOperator,
                summary: "The decisions about a code, oldest first", tag: "Codes", answer: "Entry",
                query: ["limit", "cursor"]
            ) { request in
                let page = try request.indexPage()
                let items = try await timeline(code: request.id(), page).map { stored in
                    EntryView(
                        index: stored.index, entry: try JSON(parsing: Array(stored.body)), personal: nil)
                }
                return .list(items, page) { "\($0.index)" }
            },
            Route(
                method: .post, path: "/v1/codes/{id}/renewals", access: .operators([.admin, .issuer]),
                summary: "Renew, from the end of the current term", tag: "Codes", request: "Nothing",
                answer: "CodeDetail"
            ) { request in .json(try await renew(request.call, code: request.id())) },
            Route(
                method: .post, path: "/v1/codes/{id}/suspension", access: .operators([.admin, .issuer]),
                summary: "Suspend", tag: "Codes", request: "Comment", answer: "CodeDetail"
            ) { request in
                .json(
                    try await suspend(
                        request.call, code: request.id(), comment: request.body["comment"]?.string))
            },
            Route(
                method: .delete, path: "/v1/codes/{id}/suspension", access: .operators([.admin, .issuer]),
                summary: "Resume", tag: "Codes", answer: "CodeDetail"
            ) { request in .json(try await resume(request.call, code: request.id())) },
            Route(
                method: .post, path: "/v1/codes/{id}/revocation", access: .operators([.admin, .issuer]),
                summary: "Revoke for good, with an RFC 5280 reason", tag: "Codes",
                request: "RevocationRequest",
                answer: "CodeDetail"
            ) { request in
                guard let reason = RevocationReason(named: try request.text("reason")) else {
                    throw InputError.invalid(
                        field: "reason",
                        allowed: "an RFC 5280 reason such as key_compromise; to stop for a while, suspend")
                }
                return .json(
                    try await revoke(
                        request.call, code: request.id(), reason, comment: request.body["comment"]?.string))
            },
        ]
    }
}

extension APIRequest {
    /// A page whose cursor is an index.
    func indexPage() throws -> Page {
        let page = try page()
        guard page.cursor.isEmpty || Int(page.cursor).map({ $0 >= 0 && $0 < 1 << 40 }) == true else {
            throw InputError.invalid(field: "cursor", allowed: "the next_cursor of the part before")
        }
        return page
    }

    fileprivate func codeFilter() throws -> CodeFilter {
        var filter = CodeFilter()
        filter.state = try choice("state", query("state"), CodeState.self)
        filter.institutionID = try queryID("institution_id")
        filter.applicationID = try queryID("application_id")
        filter.batchID = try queryID("batch_id")
        filter.policyName = query("policy")
        return filter
    }
}
