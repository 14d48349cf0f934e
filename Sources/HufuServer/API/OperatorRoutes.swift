import AuditLog
import Foundation
import HTTPTypes
import Storage

extension Authority {
    /// Sessions, operators and institutions.
    var operatorRoutes: [Route] {
        [
            Route(
                method: .post, path: "/v1/bootstrap", access: .holder,
                summary: "Make the first operator with the one-time token", tag: "Operators",
                request: "BootstrapRequest", status: 201, answer: "Operator", isRepeatable: false
            ) { request in
                .json(
                    try await bootstrap(
                        request.call, token: request.text("token"), name: request.text("name"),
                        password: request.text("password")), status: .created)
            },
            Route(
                method: .post, path: "/v1/tokens", access: .holder, summary: "Log in", tag: "Sessions",
                request: "LogIn", answer: "Session", isRepeatable: false
            ) { request in
                .json(
                    try await logIn(
                        request.call, name: request.text("name"), password: request.text("password")))
            },
            Route(
                method: .post, path: "/v1/tokens/refresh", access: .holder,
                summary: "Get new tokens; the refresh token is used up", tag: "Sessions",
                request: "RefreshRequest",
                answer: "Session", isRepeatable: false
            ) { request in .json(try await refresh(request.call, token: request.text("refresh_token"))) },
            Route(
                method: .post, path: "/v1/tokens/revoke", access: .holder, summary: "Log out",
                tag: "Sessions",
                request: "RefreshRequest", status: 204, isRepeatable: false
            ) { request in
                try await endSession(request.call, token: request.text("refresh_token"))
                return APIAnswer(status: .noContent, body: .empty)
            },
            Route(
                method: .get, path: "/v1/operators/me", access: .anyOperator, summary: "Who I am",
                tag: "Operators", answer: "Operator"
            ) { request in .json(try await self.operator(request.call.person())) },
            Route(
                method: .post, path: "/v1/operators", access: .operators([.admin]),
                summary: "Add an operator",
                tag: "Operators", request: "OperatorRequest", status: 201, answer: "Operator"
            ) { request in
                .json(
                    try await addOperator(
                        request.call, name: request.text("name"), password: request.text("password"),
                        roles: request.roles() ?? []), status: .created)
            },
            Route(
                method: .get, path: "/v1/operators", access: .operators([.admin, .auditor]),
                summary: "List operators", tag: "Operators", answer: "Operator", query: ["limit", "cursor"]
            ) { request in
                let page = try request.page()
                return .list(try await operators(page), page) { $0.id.lowercased }
            },
            Route(
                method: .get, path: "/v1/operators/{id}", access: .operators([.admin, .auditor]),
                summary: "Show an operator", tag: "Operators", answer: "Operator"
            ) { request in .json(try await self.operator(request.id())) },
            Route(
                method: .patch, path: "/v1/operators/{id}", access: .operators([.admin]),
                summary: "Change an operator's roles, password or activity", tag: "Operators",
                request: "OperatorChange", answer: "Operator"
            ) { request in
                .json(
                    try await changeOperator(
                        request.call, request.id(), roles: request.roles(),
                        active: request.body["active"]?.bool, password: request.body["password"]?.string))
            },
        ]
    }

    var institutionRoutes: [Route] {
        [
            Route(
                method: .post, path: "/v1/institutions", access: .operators([.admin, .issuer]),
                summary: "Add an institution", tag: "Institutions", request: "InstitutionRequest",
                status: 201,
                answer: "Institution"
            ) { request in
                let kind = try request.choice("kind", request.text("kind"), Institution.Kind.self)
                return .json(
                    try await addInstitution(
                        request.call, name: request.text("name"), kind: kind ?? .other,
                        region: request.body["region"]?.string), status: .created)
            },
            Route(
                method: .get, path: "/v1/institutions", access: .anyOperator, summary: "List institutions",
                tag: "Institutions", answer: "Institution", query: ["limit", "cursor"]
            ) { request in
                let page = try request.page()
                return .list(try await institutions(page), page) { $0.id.lowercased }
            },
            Route(
                method: .get, path: "/v1/institutions/{id}", access: .anyOperator,
                summary: "Show an institution", tag: "Institutions", answer: "Institution"
            ) { request in .json(try await institution(request.id())) },
        ]
    }
}

extension APIRequest {
    fileprivate func roles() -> Set<Operator.Role>? {
        body.names("roles").map { Set($0.compactMap(Operator.Role.init(rawValue:))) }
    }
}
