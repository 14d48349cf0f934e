import AuditLog
import Foundation
import HTTPTypes
import Storage

extension Authority {
    var applicationRoutes: [Route] {
        [
            Route(
                method: .post, path: "/v1/applications", access: .operators([.admin, .issuer]),
                summary: "Apply for codes under a policy", tag: "Applications", request: "ApplicationRequest",
                status: 201, answer: "Application"
            ) { request in
                .json(try await submit(request.call, request.application()), status: .created)
            },
            Route(
                method: .get, path: "/v1/applications", access: .anyOperator, summary: "List applications",
                tag: "Applications", answer: "Application", query: ["state", "limit", "cursor"]
            ) { request in
                let page = try request.page()
                let state = try request.choice("state", request.query("state"), Application.State.self)
                return .list(try await applications(request.call, page, state: state), page) {
                    $0.application.id.lowercased
                }
            },
            Route(
                method: .get, path: "/v1/applications/{id}", access: .anyOperator,
                summary: "Show an application",
                tag: "Applications", answer: "Application"
            ) { request in .json(try await application(request.call, request.id())) },
            Route(
                method: .post, path: "/v1/applications/{id}/approve",
                access: .operators([.admin, .approver]),
                summary: "Approve; never one's own, and each operator once", tag: "Applications",
                request: "Comment", answer: "Application"
            ) { request in
                .json(
                    try await decideApplication(
                        request.call, request.id(), .approve, comment: request.body["comment"]?.string))
            },
            Route(
                method: .post, path: "/v1/applications/{id}/reject", access: .operators([.admin, .approver]),
                summary: "Reject", tag: "Applications", request: "Comment", answer: "Application"
            ) { request in
                .json(
                    try await decideApplication(
                        request.call, request.id(), .reject, comment: request.body["comment"]?.string))
            },
            Route(
                method: .post, path: "/v1/applications/{id}/issue", access: .operators([.admin, .issuer]),
                summary: "Issue the one code of an approved application; it is shown only now",
                tag: "Applications", request: "Nothing", status: 201, answer: "IssuedCode"
            ) { request in .json(try await issue(request.call, application: request.id()), status: .created)
            },
        ]
    }
}

extension APIRequest {
    fileprivate func application() throws -> ApplicationRequest {
        var application = ApplicationRequest(
            institutionID: try uuid("institution_id"), policyName: try text("policy"))
        application.quantity = body["quantity"]?.integer ?? 1
        application.purpose = body["purpose"]?.string
        application.contact = body["contact"]?.object ?? [:]
        application.terms = body["terms"] ?? [:]
        return application
    }
}
