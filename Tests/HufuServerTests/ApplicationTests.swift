import AuditLog
import Foundation
import Testing

@Suite("Applications and dual control")
struct ApplicationTests {
    @Test("Nobody approves what he applied for, and no operator counts twice")
    func dualControl() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["approvals": 2])
            // The admin may both apply and approve: only dual control stands in the way.
            let id = try await server.apply(policy: policy, as: .admin)
            let own = try await server.request(
                "POST", "/v1/applications/\(id)/approve", as: .admin, body: [:])
            #expect(own.status == 403 && own.code == "self_approval")
            let first = try await server.expect(
                200, "POST", "/v1/applications/\(id)/approve", as: .approver, body: ["comment": "one"])
            #expect(first["state"]?.string == "submitted" && first["approvals"]?.array?.count == 1)
            let twice = try await server.request(
                "POST", "/v1/applications/\(id)/approve", as: .approver, body: [:])
            #expect(twice.status == 409 && twice.code == "already_decided")
            let early = try await server.request(
                "POST", "/v1/applications/\(id)/issue", as: .issuer, body: [:])
            #expect(early.status == 403 && early.code == "approval_missing")
            let second = try await server.expect(
                200, "POST", "/v1/applications/\(id)/approve", as: .secondApprover, body: [:])
            #expect(second["state"]?.string == "approved" && second["approvals"]?.array?.count == 2)
            _ = try await server.issue(id)
            let again = try await server.request(
                "POST", "/v1/applications/\(id)/issue", as: .issuer, body: [:])
            #expect(again.status == 409 && again.code == "already_decided")
            try await expectApprovalPath(server, id)
        }
    }

    /// The entry of the issue names everybody who approved.
    private func expectApprovalPath(_ server: RunningServer, _ id: String) async throws {
        let approvers = [try await server.id(of: .approver), try await server.id(of: .secondApprover)]
        let issued = try await server.entries().first {
            $0["event"]?.string == "code.issued" && $0["outcome"]?.string == "success"
        }
        let path = issued?["data"]?["approval_path"]?.array?.compactMap { $0["operator_id"]?.string }
        #expect(path == approvers)
        #expect(issued?["application_id"]?.string == id)
    }

    @Test("The applicant's own second try fails with every check that stands against it")
    func allChecks() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["approvals": 1])
            let id = try await server.apply(policy: policy, as: .admin)
            try await server.expect(200, "POST", "/v1/applications/\(id)/approve", as: .approver, body: [:])
            let refused = try await server.request(
                "POST", "/v1/applications/\(id)/approve", as: .admin, body: [:])
            #expect(refused.checks == ["already_decided", "self_approval"])
        }
    }

    @Test("As many approvals are needed as the policy says", arguments: [0, 1, 2, 3])
    func counted(needed: Int) async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["approvals": .integer(Int64(needed))])
            let id = try await server.apply(policy: policy)
            for (given, approver) in [Staff.approver, .secondApprover, .admin].prefix(needed).enumerated() {
                let early = try await server.request(
                    "POST", "/v1/applications/\(id)/issue", as: .issuer, body: [:])
                #expect(early.code == "approval_missing", "after \(given) approvals")
                try await server.expect(
                    200, "POST", "/v1/applications/\(id)/approve", as: approver, body: [:])
            }
            _ = try await server.issue(id)
        }
    }

    @Test("A rejected application stays rejected and is never issued")
    func rejected() async throws {
        try await RunningServer.run { server in
            let id = try await server.apply(policy: try await server.setPolicy(["approvals": 2]))
            try await server.expect(200, "POST", "/v1/applications/\(id)/reject", as: .approver, body: [:])
            let approve = try await server.request(
                "POST", "/v1/applications/\(id)/approve", as: .secondApprover, body: [:])
            #expect(approve.code == "rejected")
            let issue = try await server.request(
                "POST", "/v1/applications/\(id)/issue", as: .issuer, body: [:])
            #expect(issue.code == "rejected")
        }
    }

    @Test(
        "Two approvers at the same moment both count once, and one application is issued once",
        .timeLimit(.minutes(10)))
    func races() async throws {
        try await RunningServer.run { server in
            try await server.prepare(.approver, .secondApprover, .issuer)
            let id = try await server.apply(policy: try await server.setPolicy(["approvals": 2]))
            let approvals = try await concurrently(20) { number in
                try await server.request(
                    "POST", "/v1/applications/\(id)/approve",
                    as: number % 2 == 0 ? .approver : .secondApprover,
                    body: [:]
                ).status
            }
            #expect(approvals.filter { $0 == 200 }.count == 2)
            let issues = try await concurrently(10) { _ in
                try await server.request("POST", "/v1/applications/\(id)/issue", as: .issuer, body: [:])
                    .status
            }
            #expect(issues.filter { $0 == 201 }.count == 1)
            let codes = try await server.expect(200, "GET", "/v1/codes?application_id=\(id)", as: .auditor)
            #expect(codes["items"]?.array?.count == 1)
        }
    }

    @Test("Terms may be narrower than the policy, never wider, and the field is named")
    func terms() async throws {
        try await RunningServer.run { server in
            let policy = try await server.setPolicy(["device_limit": 2, "ip_allow_list": ["10.0.0.0/8"]])
            let institution = try await server.addInstitution()
            let wider: [(JSON, String)] = [
                (["usage_limit": 11], "usage_limit"), (["device_limit": 3], "device_limit"),
                (["scopes": ["claim.delete"]], "scopes"), (["expires": "P91D"], "expires"),
                (["ip_allow_list": ["0.0.0.0/0"]], "ip_allow_list"), (["expires": "soon"], "expires"),
                (["binding_key": "x"], "binding_key"), (["activate_within": "73h"], "activate_within"),
            ]
            for (terms, field) in wider {
                let answer = try await server.request(
                    "POST", "/v1/applications", as: .issuer,
                    body: ["institution_id": .string(institution), "policy": .string(policy), "terms": terms])
                #expect(answer.status == 400, "\(terms)")
                #expect(answer["field"]?.string == "terms.\(field)", "\(answer.text)")
            }
        }
    }
}
