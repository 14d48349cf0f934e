import ActivationClient
import Foundation
import Testing

struct APIProblemTests {
    private static func problem(_ status: Int, _ body: String, _ headers: [(String, String)] = [])
        -> APIProblem
    {
        APIProblem(
            APIResponse(
                status: status, headers: headers.map { (name: $0.0, value: $0.1) }, bytes: Array(body.utf8)))
    }

    @Test func `a refusal keeps every check with its cures`() throws {
        let problem = Self.problem(
            403,
            """
            {"type":"https://hufu.dev/problems/expired","title":"Expired","status":403,"code":"expired",
             "reason":"expired","detail":"It is over.","valid_until":"2026-11-21T03:04:05.678Z","request_id":"r-1",
             "checks":[{"code":"expired","cure":"Renew it.","cure_zh":"请续期。"},
                       {"code":"scope_not_granted","detail":"needs claim.write","cure":"Ask.","cure_zh":"请申请。"}]}
            """)
        #expect(problem.status == 403)
        #expect(problem.code == "expired")
        #expect(problem.title == "Expired")
        #expect(problem.detail == "It is over.")
        #expect(problem.requestID == "r-1")
        #expect(problem.validUntil == Date(timeIntervalSince1970: 1_795_230_245.678))
        #expect(problem.checks.map(\.code) == ["expired", "scope_not_granted"])
        #expect(problem.checks[0].cureInChinese == "请续期。")
        #expect(problem.checks[1].detail == "needs claim.write")
    }

    @Test func `an input error names its field`() {
        let problem = Self.problem(
            400, #"{"code":"invalid_request","title":"Bad","field":"quantity","allowed":"1 to 1000000"}"#)
        #expect(problem.field == "quantity")
        #expect(problem.allowed == "1 to 1000000")
        #expect(problem.checks.isEmpty)
    }

    @Test(arguments: ["", "<html>Bad Gateway</html>", "[1,2]", "{", #"{"code":7,"checks":"none"}"#])
    func `what is no problem document still is a problem`(body: String) {
        let problem = Self.problem(502, body, [("X-Request-ID", "r-2"), ("Retry-After", "7")])
        #expect(problem.code == "http_502")
        #expect(problem.requestID == "r-2")
        #expect(problem.retryAfter == 7)
        #expect(problem.checks.isEmpty)
    }
}
